"""Migration operations that cost less than those of the libraries."""

from django.db.migrations import AddConstraint, AddIndex
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


class InstallTrigger(AddTrigger):
    """Adds a trigger without building the models of the migration anew.

    The library's operation renders the changed model and all around it for each trigger, although no field changes: with some
    hundred models that is most of the time of `migrate`. The recorded state is the same, so later changes are found as usual.
    """

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name_lower].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]


class PutIndex(AddIndex):
    """Adds an index in the same way."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name_lower].options
        options["indexes"] = [*options.get("indexes", []), self.index.clone()]


class PutConstraint(AddConstraint):
    """Adds a constraint in the same way."""

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        options = state.models[app_label, self.model_name_lower].options
        options["constraints"] = [*options.get("constraints", []), self.constraint]

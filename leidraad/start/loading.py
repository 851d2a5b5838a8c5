"""`make load`: the style sheets collected as for production, then the load itself, which lives with the tests."""

from leidraad.start.demo_chain import collect_static
from leidraad.start.servers import servers
from run import PYTHON, call


def load(*args: str) -> None:
    with servers() as env:
        collect_static(env)
        call([PYTHON, "-m", "tests.load", *args], env=env)

"""What the author of a plugin tests first: everything that all drivers promise."""

from glutewake_example.driver import ExampleDriver

from drivers import conformance
from drivers.uri import parse_uri


def test_the_example_keeps_the_promises_of_a_driver():
    conformance.check(lambda: ExampleDriver(parse_uri("example:one", ["example"])))

"""Left and right change places as the things on the skin do."""

from hypothesis import given
from hypothesis import strategies as st

from app.session.exchange import exchange
from drivers.uri import SITES


def test_a_unit_that_lies_on_the_other_side_takes_all_its_electrodes_along():
    assert exchange([{"left", "hamstring-left"}, {"right"}]) == {
        "left": "right",
        "hamstring-left": "hamstring-right",
        "right": "left",
    }


def test_two_leads_of_one_board_change_places_and_nothing_else():
    turned = exchange([{"left", "right", "hamstring-left", "erector-right"}])
    assert {site for site in turned if turned[site] == site} == {"hamstring-left", "erector-right"}
    assert (turned["left"], turned["right"]) == ("right", "left")


def test_a_unit_without_a_glute_stays_where_it_is():
    turned = exchange([{"left"}, {"right"}, {"hamstring-left"}])
    assert turned == {"left": "right", "right": "left", "hamstring-left": "hamstring-left"}


def test_an_electrode_takes_nobodys_place():
    turned = exchange([{"left", "hamstring-left"}, {"right"}, {"hamstring-right"}])
    assert (turned["hamstring-left"], turned["hamstring-right"]) == ("hamstring-left", "hamstring-right")


@given(st.lists(st.sampled_from(SITES), unique=True), st.integers(0, len(SITES)))
def test_no_two_electrodes_end_on_one_site_and_twice_is_as_before(sites, cut):
    turned = exchange([sites[:cut], sites[cut:]])
    assert len(set(turned.values())) == len(sites)
    again = exchange([[turned[site] for site in sites[:cut]], [turned[site] for site in sites[cut:]]])
    assert [again[turned[site]] for site in sites] == sites

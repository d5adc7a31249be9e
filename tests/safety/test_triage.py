"""The door in: every finding is kept, and one visible course is chosen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.triage import PRECEDENCE, triage
from safety.types import Arrived, Course, Findings, Level, Signs

CALM = Signs()
URGENT = Signs(Level.URGENT, ("weapon",), ("knife",))
CONCERN = Signs(Level.CONCERN)


def read(text: str, signs: Signs = CALM, channel: str = "sms", **more: object) -> Findings:
    return triage(Arrived(channel, text, **more), signs)  # type: ignore[arg-type]  # keywords of Arrived


def raised(findings: Findings) -> dict[str, str]:
    return {alert.reason: alert.urgency for alert in findings.alerts}


@pytest.mark.requirement("R29")
@pytest.mark.parametrize(
    "more",
    [{}, {"owned": True}, {"opted_out": True}, {"verified": True}, {"in_session": True}, {"channel": "webchat"}],
)
def test_danger_is_shown_and_wakes_somebody_whatever_the_circumstances(more: dict[str, object]) -> None:
    findings = read("he has a knife", URGENT, **more)
    assert findings.course is Course.DANGER and raised(findings)["danger"] == "urgent"


@pytest.mark.requirement("R29")
@pytest.mark.requirement("R24")
def test_stop_he_has_a_knife_is_danger_and_a_refusal() -> None:
    findings = read("stop he has a knife", URGENT)
    assert findings.course is Course.DANGER and findings.opts_out
    assert {"danger", "opted_out"} <= raised(findings).keys()


@pytest.mark.requirement("R29")
@given(
    text=st.one_of(
        st.text(max_size=80), st.sampled_from(["STOP", "exit", "this is her husband", "who is this", "HELP"])
    ),
    channel=st.sampled_from(["sms", "whatsapp", "telegram", "webchat", "email"]),
    owned=st.booleans(),
    opted_out=st.booleans(),
    words=st.sets(st.sampled_from(["code", "duress"])),
)
def test_urgent_danger_always_raises_its_alert(
    text: str, channel: str, owned: bool, opted_out: bool, words: set[str]
) -> None:
    arrived = Arrived(channel, text, owned=owned, opted_out=opted_out, word_matches=frozenset(words))
    findings = triage(arrived, URGENT)
    assert raised(findings)["danger"] == "urgent" and findings.signs is URGENT


def test_concern_goes_to_a_practitioner_and_the_talk_goes_on() -> None:
    findings = read("years ago he had a knife", CONCERN)
    assert findings.course is Course.ENGINE and raised(findings) == {"concern": "soon"}


@pytest.mark.requirement("R24")
@pytest.mark.parametrize(
    "word", ["STOP", "stop", " Stop ", "STOPALL", "unsubscribe", "END", "QUIT", "CANCEL", "REVOKE", "OPTOUT"]
)
@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_a_bare_stop_word_is_the_carriers_and_stops_everything_we_start(word: str, channel: str) -> None:
    findings = read(word, channel=channel)
    assert findings.course is Course.CARRIER_WORD and findings.opts_out and "opted_out" in raised(findings)


@pytest.mark.requirement("R24")
def test_what_the_provider_says_of_a_word_is_believed() -> None:
    assert read("arrêt", payload={"OptOutType": "STOP"}).opts_out
    assert not read("arrêt").opts_out


@pytest.mark.requirement("R24")
@pytest.mark.parametrize("channel", ["telegram", "email", "webchat"])
def test_where_no_carrier_listens_stop_is_ours_to_answer(channel: str) -> None:
    findings = read("STOP", channel=channel)
    assert findings.course is Course.OPT_OUT and findings.opts_out


@pytest.mark.requirement("R24")
@pytest.mark.parametrize(("word", "course"), [("end", Course.EXIT), ("quit", Course.EXIT), ("cancel", Course.ENGINE)])
def test_where_no_carrier_listens_end_leaves_and_cancel_is_an_answer(word: str, course: Course) -> None:
    findings = read(word, channel="webchat")
    assert findings.course is course and not findings.opts_out


@pytest.mark.requirement("R24")
def test_stop_with_a_sign_behind_it_passes_the_carrier_and_is_answered_by_us() -> None:
    findings = read("STOP!!")
    assert findings.course is Course.OPT_OUT and findings.opts_out


@pytest.mark.requirement("R24")
def test_start_alone_lets_answers_through_and_restores_nothing() -> None:
    findings = read("START", opted_out=True)
    assert findings.course is Course.CARRIER_WORD and findings.opts_in and raised(findings) == {"opted_in": "routine"}
    assert not read("START").opts_in


def test_yes_is_an_answer_unless_the_person_had_opted_out() -> None:
    assert read("YES", in_session=True).course is Course.ENGINE
    assert read("yes", payload={"OptOutType": "START"}).course is Course.ENGINE
    assert read("YES", opted_out=True).opts_in


def test_a_lone_help_wakes_a_practitioner_and_is_not_answered_twice() -> None:
    findings = read("Help", URGENT)
    assert findings.course is Course.CARRIER_WORD and raised(findings)["help_word"] == "urgent"
    assert read("help!").course is Course.ENGINE and raised(read("help!"))["help_word"] == "urgent"
    assert "help_word" not in raised(read("INFO"))


@pytest.mark.parametrize("channel", ["webchat", "telegram", "email"])
def test_help_is_the_engines_where_no_carrier_answers(channel: str) -> None:
    findings = read("help", channel=channel)
    assert findings.course is Course.ENGINE and not findings.alerts


@pytest.mark.requirement("R13")
@pytest.mark.parametrize("more", [{}, {"owned": True}, {"opted_out": True}, {"in_session": True, "verified": True}])
def test_the_duress_word_comes_before_everything(more: dict[str, object]) -> None:
    findings = read("blue kettle", URGENT, word_matches=frozenset({"duress"}), **more)
    assert findings.course is Course.DURESS and raised(findings)["duress"] == "urgent"


@pytest.mark.requirement("R12")
def test_the_code_word_counts_also_when_a_practitioner_owns_the_talk() -> None:
    assert read("green teapot", word_matches=frozenset({"code"}), owned=True).course is Course.CODE_WORD


def test_an_agreed_word_is_not_read_a_second_time_as_a_phrase() -> None:
    findings = read("wrong number", word_matches=frozenset({"code"}))
    assert findings.course is Course.CODE_WORD and not findings.alerts


@pytest.mark.requirement("R6")
@pytest.mark.parametrize("in_session", [False, True])
def test_somebody_else_who_says_so_gets_silence_even_with_danger_in_it(in_session: bool) -> None:
    findings = read("this is her husband. I'll kill her", URGENT, in_session=in_session)
    assert findings.course is Course.SOMEBODY_ELSE
    assert raised(findings) == {"danger": "urgent", "somebody_else": "soon"}


@pytest.mark.requirement("R6")
def test_who_is_this_counts_only_outside_an_open_talk() -> None:
    assert read("Who is this?").course is Course.SOMEBODY_ELSE
    assert read("Who is this?", in_session=True).course is Course.ENGINE
    assert read("Who is this?", verified=True, owned=True).course is Course.OWNED


@pytest.mark.requirement("R6")
@pytest.mark.requirement("R24")
def test_stop_texting_my_wife_is_somebody_else_and_stops_sending() -> None:
    findings = read("stop texting my wife", in_session=True)
    assert findings.course is Course.SOMEBODY_ELSE and findings.opts_out


def test_leaving_comes_before_owned_and_owned_before_the_engine() -> None:
    assert read("bye", owned=True).course is Course.EXIT
    assert read("hello", owned=True).course is Course.OWNED
    assert read("hello").course is Course.ENGINE


@pytest.mark.requirement("R24")
def test_somebody_who_writes_after_stop_is_heard_by_a_practitioner() -> None:
    assert raised(read("sorry can we talk", opted_out=True)) == {"wrote_after_opt_out": "soon"}


def test_the_last_line_of_the_table_always_holds() -> None:
    assert PRECEDENCE[-1][0] is Course.ENGINE


@given(text=st.text(max_size=300), channel=st.sampled_from(["sms", "webchat"]), owned=st.booleans())
def test_any_text_has_a_course_and_the_same_one_twice(text: str, channel: str, owned: bool) -> None:
    arrived = Arrived(channel, text, owned=owned)
    assert triage(arrived, CALM) == triage(arrived, CALM)


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("more", [{}, {"owned": True}, {"in_session": True}, {"channel": "webchat"}])
def test_an_age_under_18_wakes_somebody_whatever_the_circumstances(more: dict[str, object]) -> None:
    assert raised(read("im 12", **more))["young_person"] == "urgent"
    assert "young_person" not in raised(read("im 7", age_known=True, **more))


SAID = """
stop, STOP, please, he has a knife, this is her husband, bye, exit, who is this, help, im 12, dont text me, yes, START
what has she told you, kill me, 🆘, 999, velvet kettle, leave me alone, /resume, 0, 1
"""
PIECES = st.lists(st.sampled_from(SAID.strip().replace("\n", ", ").split(", ")), max_size=4).map(" ".join)
ARRIVALS = st.builds(
    Arrived,
    channel=st.sampled_from(["sms", "whatsapp", "telegram", "webchat", "email"]),
    text=st.one_of(st.text(max_size=80), PIECES),
    payload=st.sampled_from([{}, {"OptOutType": "STOP"}, {"OptOutType": "HELP"}, {"NumMedia": "1"}]),
    owned=st.booleans(),
    opted_out=st.booleans(),
    verified=st.booleans(),
    in_session=st.booleans(),
    age_known=st.booleans(),
    word_matches=st.frozensets(st.sampled_from(["code", "duress", "exit"]), max_size=1),
)
OVER_DANGER = {Course.DURESS, Course.CARRIER_WORD, Course.SOMEBODY_ELSE}
"""All that may be seen in the place of the danger words: each has its own alert beside the one for danger."""


@pytest.mark.requirement("R29")
@given(ARRIVALS)
def test_danger_is_never_hidden_by_whatever_else_is_found(arrived: Arrived) -> None:
    findings = triage(arrived, URGENT)
    assert raised(findings)["danger"] == "urgent"
    assert findings.course in OVER_DANGER | {Course.DANGER}
    calm = triage(arrived, CALM)
    assert raised(calm).items() <= raised(findings).items(), "danger takes no other finding away"
    assert findings.course is Course.DANGER or findings.course is calm.course


@given(ARRIVALS, st.sampled_from([CALM, CONCERN, URGENT]))
def test_there_is_one_course_and_each_alert_once(arrived: Arrived, signs: Signs) -> None:
    findings = triage(arrived, signs)
    assert findings == triage(arrived, signs)
    assert isinstance(findings.course, Course)
    reasons = [alert.reason for alert in findings.alerts]
    assert len(reasons) == len(set(reasons))


@pytest.mark.requirement("R24")
@given(ARRIVALS, st.sampled_from([CALM, URGENT]))
def test_whatever_refuses_stops_whatever_else_it_is(arrived: Arrived, signs: Signs) -> None:
    findings = triage(arrived, signs)
    assert findings.opts_out == ("opted_out" in raised(findings))
    if findings.course is Course.OPT_OUT:
        assert findings.opts_out


@pytest.mark.requirement("R13")
@given(ARRIVALS)
def test_an_agreed_word_is_that_and_nothing_else(arrived: Arrived) -> None:
    """Duress goes before all; a word that only leaves looks like any bye, unless there is danger."""
    findings = triage(arrived, CALM)
    if "duress" in arrived.word_matches:
        assert findings.course is Course.DURESS
    if "exit" in arrived.word_matches and findings.course is not Course.CARRIER_WORD:
        assert findings.course is Course.EXIT

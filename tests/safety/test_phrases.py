"""Refusals, endings and strangers, in people's own words: what must be read so, and what must not (R6, R24)."""

import pytest

from safety.phrases import (
    CLEARING,
    ENDING,
    OUTSIDER,
    REFUSAL,
    SOMEBODY_ELSE_FAINT,
    SOMEBODY_ELSE_PLAIN,
    YOUNG,
    Phrases,
    plain,
)

REFUSALS = """
stop please | Please stop | stop texting me | Stop texting me!!! | pls stop txting | STOP MESSAGING ME
dont text me | Don't text this number again | do not contact me again | never text me again | dont message me anymore
leave me alone | please leave me alone | Leave us alone now | go away | fuck off | not interested thanks
unsubscribe me | opt out | opt me out please | i don't want any more texts | I do not want to hear from you
i dont want you to text me | take me off your list | remove my number from your system | lose my number
can you stop texting me please | I said stop | i told you to stop | no more texts please | quit messaging me
stop he has a knife | stop hes reading this | stop it please | please remove my number | stop emailing me
dont whatsapp me | Stop sending me messages | stop bothering me | enough texts
"""

NOT_REFUSALS = """
he wont leave me alone | he won't stop texting me | i want him to stop texting me | he keeps messaging me
I told him to leave me alone | tell him to stop | please make him stop | can you make it stop | i cant stop crying
dont text me after 9 | do not text me at night | please don't message when he is home | dont text me until monday
leave me alone he shouted | she said go away | how do i stop him | he stopped texting | i want it to stop
no | not now | later | no thanks | i dont want him to know | dont tell him | don't call the police
text me | you can text me | text or email | stop the abuse | he said stop texting people | bus stop by tesco
i went to the stop | he is on the end | dont ring me text me instead | i dont want any contact with him
dont bother | dont bother with the phone | leave it as it is
"""

ENDINGS = """
exit | Exit! | bye | bye for now | goodbye | end | quit | leave | close this chat | gtg | got to go | I've got to go
gotta go | i have to go now | hes coming got to go | he's back gotta go | sorry must go | cant talk now | hide
dont text me now | don't reply tonight | end chat | log out
"""

YOUNG_ONES = """
im 12 | Hi I'm 12 | i'm 11 and my dad hits me | i am only 9 | im 9 years old | im twelve | i am just 14 | I'm a kid
im 17 n scared | im in year 6 | i am 15 and pregnant | hello im 8 | please im 13 | im under 16 | i am a child
"""

NOT_YOUNG = """
im 34 | im 12 weeks pregnant | i am 8 years clean | im 10 minutes away | im 7/10 today | my son is 12 | he is 9
i have a 12 year old | im 5 foot 2 | im 40 and my kids are 12 and 9 | i was 9 when it began | im not a kid
we have been here 12 years | im 16 stone | i am 6 months gone
"""

OUTSIDERS = """
who are you | what is this number | so who is this then | what has she told you | What did he say to you
what do u know about her | when is my next appointment | where is she | whats her worker called | is this a refuge
"""

NOT_OUTSIDERS = """
he asked who are you texting | where is the nearest one | can you help me | who can i talk to | what happens now
he wants to know where i am | is it a good time | she told you lies
"""

NOT_ENDINGS = """
i have to leave him | i want to leave | should i leave now or wait | the end | he quit his job | i got to go to court
in the end he hit me | leave me alone | i must go to the doctor | close to brighton | he told me to leave the house
where do i go | bye bye happiness and hello fear | he is coming home at six | can i text
"""

PLAIN_STRANGERS = """
this is her husband | This is her husband. What did she tell you? | its her boyfriend | what did she tell you
what has she said to you | what did he say about me | has she been talking to you | did she text you
why are you texting my wife | stop texting my wife | who are you to her | how do you know my wife
she doesnt want to talk to you | she doesn't need your help | ive got her phone | i found her phone
wrong number | sorry wrong number | you have the wrong number | youve got the wrong person
how did you get this number | why do you keep texting her | im not her | what did my girlfriend tell you
"""

FAINT_STRANGERS = """
who is this | Who's this? | who is this please | hi who is this | who are you | who r u | who dis
new phone who dis | whose number is this | who sent this | what is this | what is this about | who the hell is this
im her husband | who is this texting me
"""

NOT_STRANGERS = """
i am his wife and he hits me | im her husband and she hits me | this is my husbands phone | hello | i need help
what did you say | what do you do | he asked who is this on my phone | he wants to know what i told him
he told me nobody would believe me | did he tell them | my sister told me about you | what will you tell him
has he got the right to take the kids | he has been texting me | why does he keep texting me | he doesnt want me to talk
my friend told me to text you | he is her husband | he found my phone | he took my phone | he isnt here
can i talk to someone | who reads this | who will see what i write | i know who he is | he said who are you texting
"""


def _each(block: str) -> list[str]:
    return [phrase.strip() for line in block.strip().splitlines() for phrase in line.split("|")]


@pytest.mark.requirement("R24")
@pytest.mark.parametrize("text", _each(REFUSALS))
def test_a_refusal_in_any_words_is_read(text: str) -> None:
    assert REFUSAL.hold(text)


@pytest.mark.requirement("R24")
@pytest.mark.parametrize("text", _each(NOT_REFUSALS))
def test_what_only_sounds_like_a_refusal_is_not_one(text: str) -> None:
    assert not REFUSAL.hold(text)


@pytest.mark.parametrize("text", _each(ENDINGS))
def test_an_ending_is_read(text: str) -> None:
    assert ENDING.hold(text)


@pytest.mark.parametrize("text", _each(NOT_ENDINGS))
def test_what_only_sounds_like_an_ending_is_not_one(text: str) -> None:
    assert not ENDING.hold(text)


@pytest.mark.requirement("R6")
@pytest.mark.parametrize("text", _each(PLAIN_STRANGERS))
def test_somebody_else_is_read(text: str) -> None:
    assert SOMEBODY_ELSE_PLAIN.hold(text)


@pytest.mark.requirement("R6")
@pytest.mark.parametrize("text", _each(FAINT_STRANGERS))
def test_a_faint_sign_is_read_and_is_not_a_plain_one(text: str) -> None:
    assert SOMEBODY_ELSE_FAINT.hold(text) and not SOMEBODY_ELSE_PLAIN.hold(text)


@pytest.mark.parametrize("text", _each(NOT_STRANGERS) + _each(REFUSALS)[:20] + _each(NOT_REFUSALS))
def test_the_person_is_not_taken_for_somebody_else(text: str) -> None:
    assert not SOMEBODY_ELSE_PLAIN.hold(text) and not SOMEBODY_ELSE_FAINT.hold(text)


def test_a_long_message_is_read_to_its_end() -> None:
    """A pattern that tries every way to split it would not come back."""
    text = "please stop " * 2000 + "no ok now can you "
    for phrases in (REFUSAL, ENDING, SOMEBODY_ELSE_PLAIN, SOMEBODY_ELSE_FAINT):
        assert not phrases.hold(text)


def test_the_plain_form_forgives_case_signs_accents_and_unseen_characters() -> None:
    assert plain("  D\u2019on't\u200b  TÉXT_me!! 🙂") == "dont text me"
    assert plain("اتركني وشأني") == "اتركني وشأني"


@pytest.mark.requirement("R36")
@pytest.mark.parametrize(
    ("section", "yes", "no"), [(YOUNG, YOUNG_ONES, NOT_YOUNG), (OUTSIDER, OUTSIDERS, NOT_OUTSIDERS)]
)
def test_an_age_and_a_strangers_question_are_read_as_such(section: Phrases, yes: str, no: str) -> None:
    lines = {wanted: " | ".join(text.split("\n")).split("|") for wanted, text in ((True, yes), (False, no))}
    wrong = [line for wanted, each in lines.items() for line in each if line.strip() and section.hold(line) != wanted]
    assert not wrong


@pytest.mark.requirement("R27")
@pytest.mark.parametrize(
    "text", ["clear", "CLEAR", "delete it", "how do i delete this chat", "clear these texts", "Delete!"]
)
def test_a_word_about_deleting_the_chat_is_read_as_such(text: str) -> None:
    assert CLEARING.hold(text)


@pytest.mark.parametrize(
    "text", ["clear off", "it is not clear to me", "he deleted my number", "how do i clear my name"]
)
def test_other_talk_of_clearing_is_not(text: str) -> None:
    assert not CLEARING.hold(text)

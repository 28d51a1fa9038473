"""What coordinators are told of the messages that ask how an event was, whose texts they may edit."""

from evaluations import invitations
from outbox.described import Described, Fact

FACTS = {
    "name": Fact("The delegate’s name", "Jade Lewis"),
    "course": Fact("The course’s title", "Safeguarding disabled children"),
    "day": Fact("The day on which it ended", "Wednesday 3 March 2027"),
    "link": Fact("The delegate’s own link to the questions", "https://training.example.org/tell-us/…/"),
    "until": Fact("Until when the form is open", "5pm on Wednesday 17 March 2027"),
    "promise": Fact(
        "What we promise about the answers, in full",
        "Your answers are anonymous. We keep the day on which you answered…",
    ),
    "promise_in_short": Fact(
        "What we promise about the answers, in short", "Your answers are anonymous: the training team reads them…"
    ),
    "concern": Fact(
        "Where a worry about a child, an adult, a trainer or a delegate goes",
        ["If a child or adult is at risk now…", "In immediate danger: call 999."],
    ),
    "partnership": Fact("The partnership’s name", "Anytown Safeguarding Children Partnership"),
}
WHO = "Who attended and has not answered"


def _one(title: str, who: str, when: str, promise: str) -> Described:
    return Described(title, who, when, FACTS, ("name", "link", "until", promise, "concern"))


DESCRIBED = {
    invitations.INVITATION: _one("How was it?", "Who attended", "When the register is closed", "promise"),
    invitations.REMINDER: _one("How was it? Reminder", WHO, "A week before the form closes", "promise_in_short"),
    invitations.LAST_REMINDER: _one("How was it? Last day", WHO, "On the last day", "promise_in_short"),
}

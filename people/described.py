"""What coordinators are told of the messages about accounts and joining, whose texts they may edit."""

from outbox.described import Described, Fact

SITE = "https://training.example.org"
NAME = Fact("The person’s name", "Jade Lewis")
AGENCY = Fact("The agency’s name", "Anytown Council")
FACTS = {
    "name": NAME,
    "contact": Fact(
        "Whom to ask; nothing where the training team’s address is not entered",
        "Write to training@anytown.example if something is not right.",
    ),
    "partnership": Fact("The partnership’s name", "Anytown Safeguarding Children Partnership"),
}


def _one(title: str, who: str, when: str, *keeps: str, **more: Fact) -> Described:
    return Described(title, who, when, FACTS | more, ("name", *keeps))


DESCRIBED = {
    "invitation": _one(
        "Added to the training desk", "Somebody who was added", "When somebody sends it from their page", "site",
        email=Fact("The address that they sign in by", "jade.lewis@anytown.example"),
        site=Fact("Link to the training desk", SITE),
    ),
    "invited": _one(
        "Invited to join", "Somebody whose address was entered", "When a training lead or coordinator invites them",
        "link", "until",
        agency=AGENCY, by=Fact("Who invites them", "Sam Osei"),
        link=Fact("Their own link to join by", f"{SITE}/join/invited/…/"),
        until=Fact("Until when it works", "17 March 2027"),
    ),
    "joined": _one(
        "Joined", "Who has joined", "At once, or when a coordinator has agreed", "agency", "site",
        agency=AGENCY, site=Fact("Link to the page that they came for", f"{SITE}/"),
    ),
    "joining_declined": _one(
        "Could not join", "Who asked to join", "When a coordinator says no", "reason",
        reason=Fact("Why, as the coordinator wrote", "We could not reach your agency."),
    ),
    "joining_received": _one(
        "Asked to join", "Who asked to join", "At once, where a coordinator has to look at it", agency=AGENCY
    ),
    "second_factor_reset": _one(
        "Second step reset", "Who lost their phone or key", "At once when an administrator resets it", "contact"
    ),
}  # fmt: skip

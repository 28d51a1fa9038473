"""What the workbook does not say of its courses: for whom, about what, what comes before, and who waits for a date."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from people.models import Agency, Person
from training import interest
from training.models import Course, CourseFee, Prerequisite, Topic

# Courses without a date to come, for which people have asked.
ASKED_FOR = {"CPC": 9, "SCR": 4}


@dataclass(frozen=True, slots=True)
class Described:
    """A course; needs: groups of codes, of each of which one is enough."""

    topics: tuple[str, ...]
    other_names: str
    summary: str
    audience: str
    learning_aims: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...] = ()
    refresh_months: int | None = None
    needs_approval: bool = False
    fees: tuple[tuple[Agency.Type, int], ...] = ()


COURSES = {
    "WT1": Described(
        topics=("Safeguarding basics", "Working together"),
        other_names="Working Together, WTSC, Module 1, Level 2 safeguarding",
        summary="How agencies work together when they are worried about a child, from noticing to a shared plan.",
        audience="Everybody who works with children or their parents and carers and may have to raise a worry.",
        learning_aims=(
            "Recognise signs of abuse and neglect",
            "Know when and how to make a referral, and what to do when you do not agree with the answer",
            "Share information lawfully and record why",
        ),
        refresh_months=36,
    ),
    "RHRT": Described(
        topics=("Early help", "Thresholds"),
        other_names="RHRT, Thresholds, Threshold of need",
        summary="Which help a family needs, from universal services to protection, and how to ask for it.",
        audience="Everybody who works with families, above all who makes or receives referrals.",
        learning_aims=("Use the four layers of need", "Have an honest conversation about help with a family"),
        refresh_months=36,
    ),
    "EHA": Described(
        topics=("Early help",),
        other_names="Early Help Assessment, EHA, Our Family Plan, OFP, CAF",
        summary="Writing an early help assessment with a family, and a plan that is theirs.",
        audience="Practitioners who lead early help: schools, health visitors, family support.",
        learning_aims=("Lead an assessment with the whole family", "Write a plan that can be reviewed"),
        needs=(("RHRT",),),
    ),
    "CSE": Described(
        topics=("Exploitation", "Missing children"),
        other_names="CSE, Sexual exploitation, Grooming",
        summary="How children are groomed and exploited, what may be seen of it, and how to disrupt it together.",
        audience="Practitioners who work with children from ten years on.",
        learning_aims=(
            "Recognise the signs of exploitation, also in boys and young men",
            "Use the screening tool and pass on intelligence",
            "Speak with a child without blame",
        ),
        refresh_months=24,
    ),
    "MS": Described(
        topics=("Exploitation",),
        other_names="Modern Slavery, Trafficking, Human trafficking, NRM, National Referral Mechanism, County lines",
        summary="Trafficking, forced labour and county lines: what to look for and who must be told.",
        audience="Front-line practitioners and their supervisors.",
        learning_aims=("Know the signs", "Make a referral to the National Referral Mechanism"),
    ),
    "NEG": Described(
        topics=("Neglect",),
        other_names="Neglect, GCP, GCP2, Graded Care Profile",
        summary="Seeing neglect early and measuring the care of a child with the Graded Care Profile.",
        audience="Practitioners who visit families at home, and who supervise them.",
        learning_aims=(
            "Score the Graded Care Profile",
            "Tell poverty from neglect",
            "Show change, or that there is none",
        ),
        needs=(("WT1", "RHRT"),),
        refresh_months=36,
    ),
    "CT": Described(
        topics=("Exploitation", "Radicalisation"),
        other_names="Prevent, WRAP, Counter Terrorism, Radicalisation, Channel",
        summary="How young people are drawn into terrorism, and what the Prevent duty asks of you.",
        audience="Everybody with a Prevent duty.",
        learning_aims=("Notice, check, share", "Know what Channel offers"),
    ),
    "SCR": Described(
        topics=("Learning from practice reviews",),
        other_names="SCR, Serious Case Review, LCSPR, Practice review",
        summary="What local and national practice reviews found, and what we do differently since.",
        audience="Everybody who works with children; managers and supervisors too.",
        learning_aims=("Know the main findings", "Take one change back to your team"),
    ),
    "DA": Described(
        topics=("Domestic abuse",),
        other_names="Domestic Abuse, DA, DV, Domestic Violence, Coercive control, MARAC, DASH",
        summary="What living with domestic abuse does to children, and how to keep them and the parent safe.",
        audience="Practitioners who work with children or adults in families.",
        learning_aims=("Ask safely", "Use the DASH checklist", "Know what a MARAC can do"),
        needs=(("WT1", "RHRT"),),
        refresh_months=36,
    ),
    "FGM": Described(
        topics=("Harmful practices",),
        other_names="FGM, Female circumcision, Cutting, Harmful practices, Mandatory reporting",
        summary="Female genital mutilation: the law, the duty to report, and how to talk about it.",
        audience="Health, education and social care staff; all who have the duty to report.",
        learning_aims=("Know who is at risk and when", "Meet the duty to report", "Speak with families with respect"),
        refresh_months=36,
    ),
    "FII": Described(
        topics=("Harmful practices", "Health"),
        other_names="FII, Perplexing presentations, Munchausen by proxy, Fabricated illness",
        summary="Perplexing presentations and fabricated or induced illness: working it out without causing harm.",
        audience="Paediatric and primary care staff, named nurses, designated safeguarding leads, social workers.",
        learning_aims=("Follow the guidance on perplexing presentations", "Write one shared health chronology"),
        needs=(("WT1",),),
    ),
    "VOC": Described(
        topics=("Child’s voice",),
        other_names="VOC, Voice of the child, Lived experience, Direct work",
        summary="Hearing what a child says, also without words, and letting it change the plan.",
        audience="Everybody who writes about children or decides for them.",
        learning_aims=("Use simple tools of direct work", "Write a record in which the child can be heard"),
    ),
    "CPC": Described(
        topics=("Child protection process", "Working together"),
        other_names="CPC, ICPC, Child protection conference, Core group, Case conference",
        summary="Taking part in child protection conferences and making core groups work between them.",
        audience="Practitioners who attend conferences or are members of core groups.",
        learning_aims=("Write a report for a conference", "Contribute to a plan that can be measured"),
        needs=(("WT1",), ("NEG", "DA", "CSE")),
        refresh_months=36,
    ),
    "TTT": Described(
        topics=("For trainers",),
        other_names="TTT, T4T, Training for trainers, Trainers Network",
        summary="For those who will give our training: planning a day, holding a room, and looking after its people.",
        audience="Members of the Trainers Network, and who wants to join it.",
        learning_aims=("Plan a session around its aims", "Handle distress and disagreement in a group"),
        needs=(("WT1",),),
        needs_approval=True,
    ),
    "CONF": Described(
        topics=("Exploitation", "Learning from practice reviews"),
        other_names="Conference, Annual conference",
        summary="A day of speakers and workshops for the whole partnership.",
        audience="Everybody who works with children in the city.",
        learning_aims=("Hear what is new", "Meet the people at the other end of your referrals"),
        fees=((Agency.Type.PRIVATE, 95), (Agency.Type.OTHER, 95), (Agency.Type.VOLUNTARY, 20)),
    ),
}


@transaction.atomic
def make() -> None:
    """Describe the courses, and let some people ask for dates. A second call changes nothing."""
    courses = {course.code: course for course in Course.objects.filter(code__in=COURSES)}
    for code, described in COURSES.items():
        _describe(courses[code], described)
        _needs(courses[code], [[courses[other] for other in group] for group in described.needs])
    for code, number in ASKED_FOR.items():
        for person in Person.objects.filter(account=None).exclude(email="").order_by("reference")[:number]:
            interest.register(course=courses[code], person=person)


def _describe(course: Course, described: Described) -> None:
    course.other_names, course.summary = described.other_names, described.summary
    course.audience, course.learning_aims = described.audience, "\n".join(described.learning_aims)
    course.refresh_months = described.refresh_months
    course.grace_months = 3 if described.refresh_months else 0
    course.needs_approval = course.keeps_place_for_approval = described.needs_approval
    course.save()
    course.topics.set([Topic.objects.get_or_create(name=name)[0] for name in described.topics])
    for agency_type, pounds in described.fees:
        CourseFee.objects.get_or_create(
            course=course, agency_type=agency_type, defaults={"net_amount": Decimal(pounds)}
        )


def _needs(course: Course, groups: list[list[Course]]) -> None:
    for number, group in enumerate(groups, start=1):
        for required in group:
            Prerequisite.objects.get_or_create(
                course=course, group=number, required=required, defaults={"valid_months": required.refresh_months}
            )

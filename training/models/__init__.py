"""Courses, venues, trainers, events, and who wants to be told of one."""

from training.models.course import Course, CourseFee, Objective, Prerequisite, Topic
from training.models.event import Event, Session, SessionTrainer, Workshop
from training.models.interest import Interest
from training.models.material import Material
from training.models.preparation import StepTaken, TrainingStep
from training.models.staffing import TrainerChange, TrainerInvitation, Volunteer
from training.models.venue import Absence, Clearance, Room, Trainer, Venue

__all__ = [
    "Absence",
    "Clearance",
    "Course",
    "CourseFee",
    "Event",
    "Interest",
    "Material",
    "Objective",
    "Prerequisite",
    "Room",
    "Session",
    "SessionTrainer",
    "StepTaken",
    "Topic",
    "Trainer",
    "TrainerChange",
    "TrainerInvitation",
    "TrainingStep",
    "Venue",
    "Volunteer",
    "Workshop",
]

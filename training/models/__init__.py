"""Courses, venues, trainers and events."""

from training.models.course import Course, Objective
from training.models.event import Event, Session, SessionTrainer, Workshop
from training.models.venue import Room, Trainer, Venue

__all__ = ["Course", "Event", "Objective", "Room", "Session", "SessionTrainer", "Trainer", "Venue", "Workshop"]

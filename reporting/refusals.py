"""What publishing refuses, each with the sentence that the person reads."""


class PublishingRefused(Exception):
    """The reason why nothing was published."""


class NothingDelivered(PublishingRefused):
    """The year has no training to report on."""


class DoesNotReconcile(PublishingRefused):
    """Figures that contradict each other would be kept for good."""


class NothingDiffers(PublishingRefused):
    """It would say what the last one says."""


class FiguresMoved(PublishingRefused):
    """What would be published is not what the person saw."""

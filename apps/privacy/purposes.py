"""Why something is kept about a person, in the words that the person reads."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True)
class Purpose:
    """what: the data; why: what it is needed for; kept: until when; seen: by whom."""

    title: Words
    what: Words
    why: Words
    kept: Words
    seen: Words


ACCOUNT = Purpose(
    title=_("Your account"),
    what=_(
        "Your e-mail address, the name you gave, your language and time zone, your password in a "
        "form that cannot be read back, when you signed up and last logged in, and what you may do "
        "here."
    ),
    why=_("So that you can log in, be written to, and be known to your class by a name."),
    kept=_("As long as you have an account."),
    seen=_("You and the people who run this site; your class sees your name."),
)
ENTRY = Purpose(
    title=_("Where you are logged in"),
    what=_(
        "For each browser: its kind, its network address, and when you began and were last seen. "
        "For each second factor: its kind, its name, its key or recovery codes, and when it was "
        "last used."
    ),
    why=_("So that you stay logged in, and can see and end what is not yours."),
    kept=_(
        "A log-in ends when you log out, or two weeks after it was last renewed. Its row in the "
        "list of your devices goes when that list is next looked at. A second factor stays until "
        "you remove it."
    ),
    seen=_("You and the people who run this site."),
)
CLASSES = Purpose(
    title=_("Your classes"),
    what=_(
        "The classes you are or were in, your part in each, your school’s own number for you, "
        "invitations sent to your address, and extra time or other dates granted to you with the "
        "reason written beside them."
    ),
    why=_("So that your class is the one you see, under the conditions that were agreed with you."),
    kept=_(
        "As long as the class exists; that you were in it stays when you leave, because your "
        "grades rest on it. An invitation goes when it is taken up or withdrawn."
    ),
    seen=_("You and those who teach the class; what was granted is not shown to classmates."),
)
ANSWERS = Purpose(
    title=_("Your answers"),
    what=_(
        "Every attempt at a quiz: when it began and ended, each answer and how long it took, your "
        "confidence and the hints you took, the marks and the marker’s words, and objections that "
        "you raised."
    ),
    why=_("So that an answer is never lost, a mark can be explained, and a question be mended."),
    kept=_("As long as the class exists; practice as long as you have an account."),
    seen=_(
        "You and those who teach the class. Statistics of a question count answers without names."
    ),
)
READING = Purpose(
    title=_("How far you have read"),
    what=_(
        "For each lesson that you opened while logged in: which sections you have seen, where you "
        "stopped, since when, and whether you said that you have read it. If you asked for a "
        "calendar address: a form of it that cannot be read back, and when it was made."
    ),
    why=_("So that you can go on where you stopped, on any device, and see what is left to read."),
    kept=_(
        "As long as you have an account. The calendar address ends when you renew or revoke it."
    ),
    seen=_("You and those who teach your class. Without logging in, it stays in your own browser."),
)
GRADES = Purpose(
    title=_("Your grades"),
    what=_(
        "Each grade and every change to it: how many points, who gave them, when and why. Nothing "
        "in this list is ever overwritten."
    ),
    why=_("So that every point can be walked back to where it came from."),
    kept=_("As long as the class exists."),
    seen=_("You, once released; those who teach the class; your school’s own system, if linked."),
)
DEBATES = Purpose(
    title=_("What you say in debates"),
    what=_(
        "Your stance before and after, your arguments with their earlier versions and evidence, "
        "drafts, ratings, what moved you, reports that you made, decisions about what you wrote, "
        "and the marks of a rubric."
    ),
    why=_("So that a class can argue in the open, and be assessed and kept fair."),
    kept=_("As long as the debate exists."),
    seen=_("Your class, without your name where the debate is anonymous; those who teach it."),
)
NOTES = Purpose(
    title=_("Your notes"),
    what=_(
        "What you highlighted in lessons, what you wrote beside it and what confused you, with the "
        "passage, whom you shared it with, and a moderator’s reason where a shared note is hidden."
    ),
    why=_("So that you find your notes again, and those who teach see where a text loses people."),
    kept=_("Until you delete them, or as long as you have an account."),
    seen=_(
        "You, and whom you share a note with. “This confused me” is counted without your name for "
        "those who teach your class; classmates never see it."
    ),
)
WISHES = Purpose(
    title=_("What you asked of this page"),
    what=_(
        "That you asked for a copy of everything, and the copy itself; that you asked to be "
        "erased, and until that is done the address and names by which what is left is found."
    ),
    why=_("So that you get the copy, and can change your mind about being erased."),
    kept=_("A copy for a week; a wish to be erased until it is withdrawn or done."),
    seen=_("You alone; the people who run this site see that you asked."),
)
REVIEW = Purpose(
    title=_("What you review"),
    what=_(
        "Your review cards with the words you gave them, where each came from, when each was "
        "asked, how well you remembered it and how long you took; how much you want to review in "
        "a day, and which cards you threw away."
    ),
    why=_("So that a card comes up when you are about to forget it."),
    kept=_(
        "A card until you delete it; what you reviewed, and what you threw away, as long as you "
        "have an account."
    ),
    seen=_("You."),
)
AUTHORSHIP = Purpose(
    title=_("What you do as an author or instructor"),
    what=_(
        "Who wrote, published, marked, granted, decided or corrected something, and when; in the "
        "editors’ pages also each earlier version of a text with the name of who changed it."
    ),
    why=_("So that a class can ask who decided, and an editor can undo."),
    kept=_("As long as the thing it was done to, or its history."),
    seen=_("The instructors and editors of the course, and the people who run this site."),
)
EVENTS = Purpose(
    title=_("The record of events"),
    what=_(
        "That something happened, to what, when and by whom: numbers that stand for people and "
        "things, without names and without content."
    ),
    why=_("So that linked systems, such as your school’s own, are told once and in order."),
    kept=_("As long as the installation; what was sent to a linked system, 30 days."),
    seen=_("The people who run this site, and the systems that your school has linked."),
)

PROGRAMS = Purpose(
    title=_("Programs that act for you"),
    what=_(
        "Which programs you let act for you, and which keys you made for scripts of your own: "
        "their names, what each may do, until when, and the day of their last use. Of long work "
        "that one of them asked for: what it was and what came of it."
    ),
    why=_("So that a program can do in your name what you allowed, and you can see and end it."),
    kept=_(
        "Until you end it, and a key until it runs out; keys themselves are kept as checksums. "
        "Long work a week after it is done."
    ),
    seen=_("You alone."),
)

NOTICES = Purpose(
    title=_("What you were told"),
    what=_(
        "Of what you were notified, when you looked at it, when a letter was sent to you, and how "
        "you want to be told. Not what a notification or a letter said: that is put together when "
        "you read it."
    ),
    why=_("So that you are told of what concerns you, once, in the way that you chose."),
    kept=_(
        "What you have looked at, 90 days; everything else a year; your choices as long as you "
        "have an account."
    ),
    seen=_("You; the people who run this site see that a letter was sent."),
)

# In the order of the page.
PURPOSES = (
    ACCOUNT,
    ENTRY,
    CLASSES,
    READING,
    ANSWERS,
    GRADES,
    DEBATES,
    NOTES,
    NOTICES,
    REVIEW,
    WISHES,
    PROGRAMS,
    AUTHORSHIP,
    EVENTS,
)

"""A small course in canonical form, as text."""

COURSE = """\
slug: small
title: A small course
summary: Two sentences. No more.
language: en
licence:
  name: CC BY 4.0
  url: https://creativecommons.org/licenses/by/4.0/
  notice: Made for tests.
article:
  title: "Rivers: a history"
  authors: [Amina Malik, Boris Orlov]
  journal: Journal of Rivers
  year: 2020
  volume: "8"
  issue: "1"
  pages: 1-9
  doi: 10.1234/rivers
  published: "2020-01-31"
  licence: CC BY 4.0
units:
  - slug: springs
    title: Springs
    summary: Where rivers begin.
  - slug: mouths
    title: Mouths
    summary: ""
"""

LICENCE = """\
# A small course

Licence of everything in this folder: [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/).

Made for tests.
"""

REFERENCES = """\
[
  {
    "id": "khan1961",
    "type": "article-journal",
    "author": [
      {
        "family": "Khan",
        "given": "H."
      }
    ],
    "title": "Springs of the north",
    "container-title": "Horizon",
    "volume": "14",
    "issued": {
      "date-parts": [
        [
          1961
        ]
      ]
    },
    "custom": {
      "kind": "peer_reviewed",
      "listed": true,
      "note": "",
      "status": "current"
    }
  },
  {
    "id": "zeb2006",
    "type": "book",
    "author": [
      {
        "family": "Zeb",
        "given": "R."
      }
    ],
    "title": "Deltas",
    "issued": {
      "date-parts": [
        [
          2006
        ]
      ]
    },
    "custom": {
      "kind": "book",
      "listed": false,
      "note": "Cited, not listed.",
      "status": "current"
    }
  }
]
"""

PARAGRAPHS = """\
- number: P01
  heading: Rivers
  page: null
  gist: Rivers begin.
  cites: [khan1961]
  note: ""
- number: P02
  heading: Rivers
  page: 3
  gist: Rivers flow.
  cites: [khan1961, zeb2006]
  note: A source note.
- number: P03
  heading: Deltas
  page: null
  gist: Rivers end.
  cites: []
  note: ""
"""

GLOSSARY = """\
- slug: delta
  term: river delta
  aliases: [delta, deltas]
  definition: Land at a [[spring|river's]] mouth [@zeb2006].
  sources: [P03]
- slug: spring
  term: spring
  aliases: []
  definition: Where water comes out of the ground.
  sources: []
"""

ACTORS = """\
- slug: amina-malik
  name: Amina Malik
  kind: person
  aliases: []
  description: She measured rivers [@khan1961].
  sources: [P01, P02]
  iso: null
  sco: null
  sco_since: null
- slug: pakistan
  name: Pakistan
  kind: state
  aliases: [Islamic Republic of Pakistan]
  description: A state on the Indus.
  sources: [P01]
  iso: PK
  sco: member
  sco_since: "2017"
"""

TIMELINE = """\
- slug: first-survey
  date: "1949"
  title: The first survey
  description: It took a year [@khan1961].
  actors: [amina-malik, pakistan]
  sources: [P01]
  external: false
- slug: great-flood
  date: "1973-08/1973-09~"
  title: A flood
  description: ""
  actors: []
  sources: []
  external: true
"""

PLACES = """\
- slug: karachi
  name: Karachi
  latitude: 24.86
  longitude: 67.01
  kind: port
  description: Near the mouth of the Indus.
  sources: [P03]
"""

FIGURES = """\
- file: river.svg
  alt: A blue line.
  credit: Drawn for tests.
"""

FIGURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 4"><path d="M0 2h10" stroke="blue"/></svg>
"""

FIRST = """\
---
title: Where rivers begin
objectives:
  - Explain what a spring is.
summary:
  - "Springs: where rivers begin."
questions:
  - Where does your river begin?
further_reading:
  - key: khan1961
    note: ""
---

## The spring {#spring sources="P01"}

Water comes from a [[spring]] [@khan1961, pp. 2-3]. See
[the delta](lesson:mouths/where-rivers-end#delta).

![](figure:river.svg "A river")

## How it flows {#flow sources="P02 P01"}

@zeb2006 says that it flows [@khan1961].

```text
## Not a heading {#not sources=""}
```
"""

SECOND = """\
---
title: Small springs
objectives: []
summary: []
questions: []
further_reading: []
---

## Only this {#only sources=""}

A note.[^one]

[^one]: Of a few words.
"""

THIRD = """\
---
title: Where rivers end
objectives: []
summary: []
questions: []
further_reading: []
---

## The delta {#delta sources="P03"}

A [[river delta]] is flat.
"""

NAMES = {
    "course.yaml": COURSE,
    "LICENCE.md": LICENCE,
    "references.json": REFERENCES,
    "paragraphs.yaml": PARAGRAPHS,
    "glossary.yaml": GLOSSARY,
    "actors.yaml": ACTORS,
    "timeline.yaml": TIMELINE,
    "places.yaml": PLACES,
    "figures.yaml": FIGURES,
    "figures/river.svg": FIGURE,
    "lessons/springs/01-where-rivers-begin.md": FIRST,
    "lessons/springs/02-small-springs.md": SECOND,
    "lessons/mouths/01-where-rivers-end.md": THIRD,
}


def small_files() -> dict[str, bytes]:
    """{path in the folder: bytes}"""
    return {name: text.encode() for name, text in NAMES.items()}

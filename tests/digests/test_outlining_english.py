"""Documents in English: acts, bills, regulations, orders, memoranda."""

from digests import parse


def tree(text: str, name: str = "a.txt") -> list[str]:
    """Each section but (1) and (a): its depth as indentation, its label, its heading."""
    sections = [
        s for s in parse(text.encode(), name).sections if not (s.label or "").startswith("(")
    ]
    return [f"{'  ' * (s.level - 1)}{s.label or '-'} | {s.heading}" for s in sections]


def test_a_title_above_the_number_and_the_number_are_one_section() -> None:
    act = """Number 3 of 2031
VILLAGE HALLS ACT 2031
CONTENTS
PART 1
Preliminary
Section
1. Short title and commencement
2. Interpretation
PART 2
Halls
3. Duty to keep a hall
4. Amendment of section 2 of Parish Act 1990
PART 1
Preliminary
Short title and commencement
1. (1) This Act may be cited as the Village Halls Act 2031.
(2) It comes into operation on such day as the Minister may appoint by order.
Interpretation
2. In this Act, “hall” means a building used for meetings.
PART 2
Halls
Duty to keep a hall
3. Every parish shall keep a hall—
(a) open on three days a week, and
(b) dry.
Amendment of section 2 of Parish Act 1990
4. Section 2 of the Parish Act 1990 is amended by the deletion of paragraph (b).
"""
    assert tree(act) == [
        "PART 1 | Preliminary",
        "  1 | Short title and commencement",
        "  2 | Interpretation",
        "PART 2 | Halls",
        "  3 | Duty to keep a hall",
        "  4 | Amendment of section 2 of Parish Act 1990",
    ]
    first = parse(act.encode(), "a.txt").sections[1]
    assert act[first.start : first.heading_end] == "Short title and commencement"


def test_parts_chapters_and_schedules_hold_what_follows_them() -> None:
    act = """Lighthouses Act 2015
An Act about lighthouses, and for related purposes.
PART 1
KEEPERS
1 Appointment
(1) The Minister may appoint a keeper.
2 Duties
A keeper must light the lamp at dusk.
PART 2
MONEY
CHAPTER 1
FEES
3 Fee for visits
The fee for a visit is set by order.
4 Fee for nights
The fee for a night is set by order.
CHAPTER 2
ACCOUNTS
5 Accounts
Accounts are sent to the Minister before 30 June in each year.
SCHEDULE 1
Form of accounts
SCHEDULE 2
Minor amendments
"""
    assert tree(act) == [
        "PART 1 | KEEPERS",
        "  1 | Appointment",
        "  2 | Duties",
        "PART 2 | MONEY",
        "  CHAPTER 1 | FEES",
        "    3 | Fee for visits",
        "    4 | Fee for nights",
        "  CHAPTER 2 | ACCOUNTS",
        "    5 | Accounts",
        "SCHEDULE 1 | Form of accounts",
        "SCHEDULE 2 | Minor amendments",
    ]


def test_articles_lie_in_the_sections_of_a_chapter() -> None:
    regulation = """REGULATION ON THE KEEPING OF BEES IN CITIES
CHAPTER I
GENERAL PROVISIONS
Article 1
Subject matter
1. This Regulation lays down rules on the keeping of bees.
2. It applies to keepers of bees.
CHAPTER II
DUTIES
SECTION 1
Registration
Article 2
Duty to register
Keepers shall register each hive by 31 December 2033.
SECTION 2
Controls
Article 3
Yearly control
Member States shall control one hive in ten each year.
ANNEX I
List of cities
ANNEX II
Form of the register
"""
    assert tree(regulation) == [
        "CHAPTER I | GENERAL PROVISIONS",
        "  Article 1 | Subject matter",
        "    1 | This Regulation lays down rules on the keeping of bees",
        "    2 | It applies to keepers of bees",
        "CHAPTER II | DUTIES",
        "  SECTION 1 | Registration",
        "    Article 2 | Duty to register",
        "  SECTION 2 | Controls",
        "    Article 3 | Yearly control",
        "ANNEX I | List of cities",
        "ANNEX II | Form of the register",
    ]


def test_a_bill_with_its_contents_in_the_first_section() -> None:
    bill = """                                 A BILL

 To require the Secretary of Lakes to publish maps of lakes, and for
                            other purposes.

SECTION 1. SHORT TITLE; TABLE OF CONTENTS.

    (a) Short Title.--This Act may be cited as the ``Maps of Lakes Act''.
    (b) Table of Contents.--The table of contents is as follows:

Sec. 1. Short title; table of contents.
Sec. 2. Findings.
                         TITLE I--MAPS OF LAKES

Sec. 101. Publication.
Sec. 102. Report.
                      TITLE II--GENERAL PROVISIONS

Sec. 201. Definitions.

SEC. 2. FINDINGS.

    Congress finds that lakes change, and that the maps of lakes that are
sold in shops are older than the shops. People who go fishing have a
right to know how deep the water is.

                         TITLE I--MAPS OF LAKES

SEC. 101. PUBLICATION.

    Not later than 180 days after the date of the enactment of this Act,
the Secretary shall publish a map of each lake, and shall show on it how
deep the lake is.

SEC. 102. REPORT.

    Not later than 1 year after the date of the enactment of this Act,
the Secretary shall submit to Congress a report on the maps.

                      TITLE II--GENERAL PROVISIONS

SEC. 201. DEFINITIONS.

    In this Act, the term ``lake'' means a body of water that is not a
sea.
"""
    assert tree(bill) == [
        "SECTION 1 | SHORT TITLE",
        "SEC. 2 | FINDINGS",
        "TITLE I | MAPS OF LAKES",
        "  SEC. 101 | PUBLICATION",
        "  SEC. 102 | REPORT",
        "TITLE II | GENERAL PROVISIONS",
        "  SEC. 201 | DEFINITIONS",
    ]


def test_orders_and_memoranda() -> None:
    memorandum = """MEMORANDUM FOR THE HEADS OF DEPARTMENTS
I. Introduction
The offices use a great deal of paper. This memorandum tells them how to use less of it.
II. Requirements
A. Inventory
Each office must, within 60 days, make a list of its printers and of the rooms they stand in.
B. Reduction
1. Printers. Offices must turn off one printer in three.
2. Forms. Offices must publish each form on the web.
III. Contacts
Questions may be sent to the office named below.
Attachment A
Definitions
"""
    assert tree(memorandum) == [
        "I | Introduction",
        "II | Requirements",
        "  A | Inventory",
        "  B | Reduction",
        "    1 | Printers",
        "    2 | Forms",
        "III | Contacts",
        "Attachment A | Definitions",
    ]


def test_a_part_or_section_named_in_a_sentence_opens_nothing() -> None:
    text = """Notes on the Act
1. Scope. The Act has three parts.
Part 2 shall come into operation on such day as the Minister appoints.
Section 5 of the Act was amended in 2030.
Annex A contains the forms.
2. Cost. There is none.
"""
    assert tree(text) == ["1 | Scope", "2 | Cost"]


def test_a_label_alone_on_its_line_belongs_to_the_next_one() -> None:
    order = """THE CITY OF MIDDLETON
EXECUTIVE ORDER No. 39
July 3, 2033
WHEREAS, people who walk in the parks of the City want to sit; and
NOW, THEREFORE, it is hereby ordered:
Section 1. Director of Benches. There shall be a Director of Benches.
§ 2. The First Deputy Mayor shall:
a.
Report directly to the Mayor on the state of all benches;
b.
Publish a list of benches by December 31 of each year.
§ 3.
Each agency shall designate a bench officer. Agencies may share one.
§4. This Order shall take effect immediately.
"""
    assert tree(order) == [
        "Section 1 | Director of Benches",
        "§ 2 | The First Deputy Mayor shall",
        "  a | Report directly to the Mayor on the state of all benches",
        "  b | Publish a list of benches by December 31 of each year",
        "§ 3 | Each agency shall designate a bench officer",
        "§4 | This Order shall take effect immediately",
    ]
    report = parse(order.encode(), "a.txt")
    assert (report.title, report.issuer, str(report.issued_on), report.number) == (
        "EXECUTIVE ORDER No. 39",
        "THE CITY OF MIDDLETON",
        "2033-07-03",
        "EXECUTIVE ORDER No. 39",
    )


def test_an_abbreviation_does_not_end_a_heading() -> None:
    text = "Plan\nA. The U.S. Department of Lakes reports. It does so yearly.\nB. The rest. None.\n"
    assert tree(text) == ["A | The U.S. Department of Lakes reports", "B | The rest"]

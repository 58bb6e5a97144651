"""The read-only commands: a SOURCE in, its outline, tasks, figures, hits or message out."""

from time import perf_counter
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import keeping, options, printing
from bot.cli.sources import read_report, read_reports
from bot.errors import UsageError

if TYPE_CHECKING:
    import digests


def outline(source: options.Source, *, json: options.Json = False) -> None:
    """Show the tree of sections that was found in a report."""
    report = read_report(source)
    if json:
        printing.print_json(printing.outline_json(report))
    else:
        printing.print_blocks([printing.outline_lines(report)], "")


def tasks(source: options.Source, *, on: options.Day = None, json: options.Json = False) -> None:
    """Show what is to be done, by when, and when it is recalled."""
    import digests

    options.settings(None)  # the office's own topics, seasons and region
    found = digests.extract_tasks(read_report(source))
    if json:
        printing.print_json({"tasks": [printing.task_json(task) for task in found]})
    else:
        printing.print_blocks([printing.task_lines(task, on) for task in found], "没有找到任务。")


def figures(source: options.Source, *, json: options.Json = False) -> None:
    """Show the numbers in a report and what they measure."""
    import digests

    found = digests.extract_figures(read_report(source))
    if json:
        printing.print_json({"figures": [printing.figure_json(figure) for figure in found]})
    else:
        printing.print_blocks([printing.figure_lines(f) for f in found], "没有找到数字。")


def lookup(
    query: Annotated[
        str, typer.Argument(metavar="QUERY", help="Words, or a section as it is printed: 二、5")
    ],
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="SOURCE", help="Reports; none: the configured database"),
    ] = None,
    *,
    limit: Annotated[int, typer.Option(min=1, max=100, help="At most so many hits")] = 10,
    config: options.Config = None,
    json: options.Json = False,
) -> None:
    """Find the passages that answer a question."""
    if not "".join(filter(str.isprintable, query)).strip():  # marks nobody sees are none
        raise UsageError("QUERY is empty: give a word, or a section such as 二、5")
    if sources:
        answer, took_ms = _search(read_reports(sources), query, limit)
    else:
        answer, took_ms = keeping.search_kept(options.settings(config), query, limit)
    if json:
        printing.print_json(
            {
                "query": query,
                "took_ms": round(took_ms, 3),
                "hits": [printing.hit_json(hit) for hit in answer.hits],
                "suggestions": list(answer.suggestions),
            }
        )
        return
    also = f"可以试试：{'、'.join(answer.suggestions)}" if answer.suggestions else ""
    nothing = f"没有找到“{query}”。只查了{answer.searched}份材料。{also}"
    if not answer.searched:
        nothing = "数据库里还没有可查的材料：请先用 policybot add 收录，或写上材料的路径。"
    printing.print_blocks([printing.hit_lines(hit) for hit in answer.hits], nothing)


def _search(
    reports: "list[digests.Report]", query: str, limit: int
) -> "tuple[digests.Answer, float]":
    import digests

    index = digests.Index.build(None, reports)
    began = perf_counter()
    answer = index.search(query, limit)
    return answer, (perf_counter() - began) * 1000


def preview(
    source: options.Source,
    *,
    on: options.RequiredDay,
    topics: options.Topics = None,
    language: options.Language = "zh-Hans",
    json: options.Json = False,
) -> None:
    """Show the message that a reader gets on a day.

    The reader joined when the report was issued, and has read nothing.
    """
    import digests
    from bot.texts import Texts

    options.settings(None)  # the office's own topics, seasons and region
    report = read_report(source)
    chosen = options.topics(topics)
    edition = digests.Edition(digests.report_key(report), report, digests.extract_tasks(report))
    digest = digests.preview([edition], on, chosen)
    pages = digests.render_digest(digest, Texts().translate(language))
    if not json:
        printing.print_blocks([printing.page_lines(page) for page in pages], "这一天没有消息。")
        return
    printing.print_json(
        {
            "on": on.isoformat(),
            "messages": [printing.page_json(page) for page in pages],
            "excerpt": printing.excerpt_json(digest.excerpt) if digest.excerpt else None,
            "tasks": [printing.task_json(task) for task in digest.tasks],
            "figure": printing.figure_json(digest.figure) if digest.figure else None,
        }
    )

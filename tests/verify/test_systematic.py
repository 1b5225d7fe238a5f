"""Links of a website whose layout is not known are no faults; single broken links and those of a moved page are."""

from __future__ import annotations

from fieldguide.domain.documents import Form, Mention
from fieldguide.domain.page import ReferenceKind
from fieldguide.verify.systematic import laid_out_otherwise


def _link(target: str, kind: ReferenceKind = ReferenceKind.LINK) -> Mention:
    return Mention(kind, target, 1, 1, Form.LINK)


def _places(documents: int, links: int, folder: str = "site/posts") -> list[tuple[str, Mention]]:
    return [
        (f"{folder}/{document}.md", _link(f"../article-{document}-{number}/"))
        for document in range(documents)
        for number in range(links)
    ]


def test_where_many_documents_lead_nowhere_no_link_of_them_is_a_fault() -> None:
    otherwise = laid_out_otherwise([], _places(4, 3))
    assert otherwise("site/posts/0.md", _link("../article-0-0/"))
    assert not otherwise("docs/index.md", _link("gone.md"))


def test_a_broken_link_among_many_that_hold_is_one() -> None:
    otherwise = laid_out_otherwise(_places(10, 10), _places(4, 3))
    assert not otherwise("site/posts/0.md", _link("../article-0-0/"))


def test_one_document_that_was_moved_is_no_website() -> None:
    otherwise = laid_out_otherwise([], _places(1, 40))
    assert not otherwise("site/posts/0.md", _link("../article-0-0/"))


def test_a_heading_is_looked_for_in_its_own_page_whatever_the_layout() -> None:
    otherwise = laid_out_otherwise([], _places(4, 3))
    assert not otherwise("site/posts/0.md", _link("#gone", ReferenceKind.ANCHOR))
    assert not otherwise("site/posts/0.md", _link("#gone"))


def test_the_root_of_a_tree_is_no_folder_of_a_site() -> None:
    otherwise = laid_out_otherwise([], [(f"{number}.md", _link(f"gone-{number}")) for number in range(20)])
    assert not otherwise("1.md", _link("gone-1"))

"""Small documents in the formats that offices send, made by hand for the tests."""

import io
import zipfile

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(body: str, **parts: str) -> bytes:
    """A Word file with this body; ``numbering``, ``styles``, ``comments`` are further parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?><w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
        )
        for name, content in parts.items():
            package.writestr(
                f"word/{name}.xml", content.replace("<w:ROOT", f'<w:{name} xmlns:w="{W}"')
            )
    return held.getvalue()


def p(*runs: str, properties: str = "") -> str:
    """A paragraph of plain runs; what begins with < is taken as it is."""
    made = [r if r.startswith("<") else f"<w:r><w:t>{r}</w:t></w:r>" for r in runs]
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(made)}</w:p>"


def pdf(lines: list[str], *, extra: str = "", trailer: str = "") -> bytes:
    """A PDF of one page with these lines (ASCII), from top to bottom."""
    drawn = "".join(
        f"BT /F1 12 Tf 72 {760 - 16 * i} Td ({line}) Tj ET\n" for i, line in enumerate(lines)
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}endstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *([extra] if extra else []),
    ]
    done = "%PDF-1.4\n"
    places = []
    for number, held in enumerate(objects, 1):
        places.append(len(done))
        done += f"{number} 0 obj\n{held}\nendobj\n"
    start = len(done)
    done += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n"
    done += "".join(f"{place:010} 00000 n \n" for place in places)
    done += (
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    )
    return done.encode("latin-1")

"""From a file to its fingerprints in a real browser, through the frame and the worker as she uses them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, Route, expect

from hashes.hashing import fingerprint_file
from hashes.index import RADIUS
from hashes.perceptual import distance
from hashes.variants import names
from tests.hashes.encodings import cut_off, encoded, variety
from tests.hashes.frame import Frame, Told, only
from tests.hashes.framing import FRAMES
from tests.hashes.pixel_server import SCRIPTS, PixelServer, serving
from tests.photographs import PHOTOGRAPHS

pytestmark = pytest.mark.real_servers

Write = Callable[[dict[str, bytes]], list[Path]]
GOLDEN = json.loads(Path(__file__).with_name("golden_fingerprints.json").read_text(encoding="utf-8"))
# Those that a browser opens as they are; the others are arrays of numbers.
FILES = [photograph for photograph in PHOTOGRAPHS if not photograph.path.endswith(".npz")]
CHINA = PHOTOGRAPHS[0]
MOST_BYTES = 12 * 1024
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(1000)
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(range(256)) * 40_000
LIE = """
OffscreenCanvasRenderingContext2D.prototype.getImageData = function (x, y, width, height) {
  return { data: crypto.getRandomValues(new Uint8ClampedArray(width * height * 4)) };
};
"""


@pytest.fixture(scope="module")
def china() -> Image.Image:
    return CHINA.open()


def _exact(content: bytes) -> list[str]:
    md5 = hashlib.md5(content, usedforsecurity=False)
    return [hashlib.sha256(content).hexdigest(), md5.hexdigest()]


def _values(told: Told) -> list[str]:
    return [one["value"] for one in told["fingerprints"]]


def test_photographs_hash_in_the_browser_as_in_the_reference(frame: Frame, write: Write) -> None:
    contents = {photograph.name: photograph.read_bytes() for photograph in FILES}
    frame.choose(*write(contents))
    for photograph, told in zip(FILES, frame.finished(len(FILES)), strict=True):
        golden = GOLDEN[photograph.name]
        original = only(told["fingerprints"], "pdq")
        assert [original["value"], original["quality"]] == golden["pdq"], photograph.name
        assert distance(only(told["fingerprints"], "phash")["value"], golden["phash"]) <= 2
        assert _values(told)[:2] == _exact(contents[photograph.name])


def test_every_form_comes_with_the_picture_and_fits_into_12_kilobytes(frame: Frame, write: Write) -> None:
    frame.choose(*write({"china.jpg": CHINA.read_bytes()}))
    [told] = frame.finished(1)
    pdqs = [one for one in told["fingerprints"] if one["algorithm"] == "pdq"]
    assert {one["variant"] for one in pdqs} == names()
    assert {one["variant"]: [one["value"], one["quality"]] for one in pdqs} == {
        "original": GOLDEN["china"]["pdq"],
        **GOLDEN["china"]["forms"],
    }
    assert len(json.dumps({"kind": told["kind"], "fingerprints": told["fingerprints"]})) <= MOST_BYTES


def test_every_way_of_writing_a_picture_down_hashes_as_on_the_server(
    frame: Frame, write: Write, china: Image.Image
) -> None:
    contents = variety(china)
    frame.choose(*write(contents))
    for (name, content), told in zip(contents.items(), frame.finished(len(contents)), strict=True):
        server = [vars(one) for one in fingerprint_file(content)]
        for algorithm, most in (("pdq", 10), ("phash", 2)):
            ours = only(told["fingerprints"], algorithm)["value"]
            assert distance(ours, only(server, algorithm)["value"]) <= most, (name, algorithm)


@pytest.mark.parametrize("name", FRAMES)
def test_a_screenshot_lists_what_is_inside_of_its_frame(
    frame: Frame, write: Write, china: Image.Image, name: str
) -> None:
    content = encoded(FRAMES[name](china), "PNG")
    frame.choose(*write({"screenshot.png": content}))
    [told] = frame.finished(1)
    server = [vars(one) for one in fingerprint_file(content)]
    ours, theirs = (only(found, "pdq", "framed")["value"] for found in (told["fingerprints"], server))
    # Both look at a small copy, hers at a finer one, so their boxes are some pixels apart.
    assert distance(ours, theirs) <= 16
    assert distance(ours, GOLDEN["china"]["pdq"][0]) <= RADIUS["pdq"]


def test_a_video_has_exact_hashes_only(frame: Frame, write: Write) -> None:
    frame.choose(*write({"clip.mp4": MP4}))
    [told] = frame.finished(1)
    assert (told["kind"], told["status"], told["problem"]) == ("video", "done", None)
    assert _values(told) == _exact(MP4)


def test_what_cannot_be_looked_at_is_still_found_as_an_exact_copy(
    frame: Frame, write: Write, china: Image.Image
) -> None:
    blank = encoded(Image.new("RGB", (640, 480), "navy"), "PNG")
    contents = {
        "blank.png": blank,
        "phone.heic": HEIC,
        "scan.tiff": encoded(china, "TIFF"),
        **cut_off(china),
    }
    expected = ["blank", "heic", "format"] + ["truncated"] * len(cut_off(china))
    frame.choose(*write(contents))
    told = frame.finished(len(contents))
    assert [one["problem"] for one in told] == expected
    assert {one["status"] for one in told} == {"done"}
    assert [_values(one) for one in told] == [_exact(content) for content in contents.values()]


def test_files_without_a_picture_stop_no_other(frame: Frame, write: Write) -> None:
    photo = CHINA.read_bytes()
    contents = {"empty.jpg": b"", "diary.jpg": b"Dear diary, ", "one.jpg": photo, "again.jpg": photo}
    frame.choose(*write(contents))
    told = frame.finished(4)
    assert [one["problem"] for one in told] == ["empty", "not_a_picture", None, "duplicate"]
    assert [one["status"] for one in told] == ["problem", "problem", "done", "problem"]
    assert all("fingerprints" not in one for one in told if one["status"] == "problem")


def test_every_problem_has_a_sentence_of_its_own(frame: Frame, write: Write) -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in (SCRIPTS / "hashes").glob("*.js"))
    codes = set(re.findall(r'(?:problem: |OnlyExact\(|NoFingerprints\()"(\w+)"', scripts))
    assert {"empty", "heic", "blank", "failed", "duplicate"} <= codes
    said = [frame.inside.locator(f"#say-problem-{code}").inner_html() for code in codes]
    assert len(set(said)) == len(codes)

    frame.choose(*write({"phone.heic": HEIC}))
    frame.finished(1)
    expect(frame.row(0)).to_contain_text("HEIC")


def test_made_up_pixels_are_noticed(page: Page, pixel_server: PixelServer, write: Write) -> None:
    def falsified(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text() + LIE)

    page.context.route("**/worker.js", falsified)
    frame = Frame(page, pixel_server.url)
    frame.choose(*write({"china.jpg": CHINA.read_bytes()}))
    [told] = frame.finished(1)
    assert told["problem"] == "pixels_hidden"
    assert _values(told) == _exact(CHINA.read_bytes())


def test_a_report_takes_so_many_files_and_says_so(page: Page, write: Write) -> None:
    with serving(limit=2) as server:
        frame = Frame(page, server.url)
        frame.choose(*write({f"{number}.mp4": MP4 + bytes([number]) for number in range(3)}))
        assert len(frame.finished(2)) == 2
        expect(frame.inside.get_by_role("alert")).to_contain_text("2 files")


def test_forty_files_at_once_all_get_their_fingerprints(frame: Frame, write: Write) -> None:
    small = [photograph.open().resize((160, 120)) for photograph in PHOTOGRAPHS[:8]]
    turned = [(picture.rotate(90 * turn, expand=True), turn) for picture in small for turn in range(5)]
    contents = {
        f"{number}.png": encoded(picture, "PNG", compress_level=turn + 1)
        for number, (picture, turn) in enumerate(turned)
    }
    frame.choose(*write(contents))
    assert [one["status"] for one in frame.finished(40)] == ["done"] * 40


def test_what_can_be_found_unchanged_only_says_so_beside_its_name(frame: Frame, write: Write) -> None:
    frame.choose(*write({"china.jpg": CHINA.read_bytes(), "phone.heic": HEIC, "clip.mp4": MP4}))
    frame.finished(3)
    said = frame.inside.locator(".file__status")
    expect(said).to_have_text(["Ready", "Ready, exact copies only", "Ready, exact copies only"])


def test_a_file_can_be_stopped_and_started_again(frame: Frame, write: Write) -> None:
    long = MP4 * 8
    frame.choose(*write({"long.mp4": long}))
    frame.row(0).get_by_role("button", name="Stop").click()
    assert frame.finished(1)[0]["problem"] == "cancelled"
    frame.row(0).get_by_role("button", name="Try again").click()
    expect(frame.row(0)).to_contain_text("Ready", timeout=60_000)
    assert _values(frame.finished(1)[0]) == _exact(long)


def test_the_parent_can_stop_and_remove_a_file(frame: Frame, write: Write) -> None:
    frame.choose(*write({"long.mp4": MP4 * 20, "china.jpg": CHINA.read_bytes()}))
    frame.tell("cancel", "file-1")
    first, second = frame.finished(2)
    assert (first["problem"], second["status"]) == ("cancelled", "done")
    frame.tell("remove", "file-1")
    expect(frame.inside.locator(".file")).to_have_count(1)
    assert [told["id"] for told in frame.heard("removed")] == ["file-1"]


def test_a_removed_file_can_be_chosen_again(frame: Frame, write: Write) -> None:
    paths = write({"china.jpg": CHINA.read_bytes()})
    frame.choose(*paths)
    frame.finished(1)
    frame.row(0).get_by_role("button", name="Remove").click()
    frame.choose(*paths)
    assert [told["status"] for told in frame.finished(2)] == ["done", "done"]


def test_after_removing_the_focus_stays_in_the_list(frame: Frame, write: Write) -> None:
    frame.choose(*write({"a.mp4": MP4, "b.mp4": MP4 + b"b"}))
    frame.finished(2)
    frame.row(0).get_by_role("button", name="Remove").press("Enter")
    expect(frame.row(0).get_by_role("button", name="Remove")).to_be_focused()
    frame.row(0).get_by_role("button", name="Remove").press("Enter")
    expect(frame.inside.locator("#files")).to_be_focused()


def test_screen_readers_hear_what_each_control_is_for(frame: Frame, write: Write) -> None:
    frame.choose(*write({"china.jpg": CHINA.read_bytes()}))
    frame.finished(1)
    expect(frame.inside.get_by_role("list", name="Your files")).to_be_visible()
    expect(frame.inside.get_by_role("button", name="Remove china.jpg")).to_be_visible()
    expect(frame.inside.get_by_role("status")).to_have_text("Ready: 1 of 1")


def test_axe_finds_nothing_in_the_frame(page: Page, pixel_server: PixelServer, write: Write) -> None:
    page.goto(f"{pixel_server.url}/report/pictures/")
    files = write({"china.jpg": CHINA.read_bytes(), "diary.jpg": b"Dear diary, ", "phone.heic": HEIC})
    page.locator("#files").set_input_files(files)
    expect(page.get_by_role("status")).to_have_text("Ready: 2 of 3", timeout=30_000)
    # The heading stands in the page around the frame.
    found = Axe().run(page, options={"rules": {"page-has-heading-one": {"enabled": False}}})
    assert found.violations_count == 0, found.generate_report()


def test_the_parent_learns_no_file_name_and_only_fingerprints_of_what_is_ready(
    frame: Frame, write: Write
) -> None:
    frame.choose(*write({"marked-name.jpg": CHINA.read_bytes(), "marked-name.txt": b"marked-text"}))
    frame.finished(2)
    everything = json.dumps(frame.page.evaluate("heard"))
    assert "marked" not in everything
    unfinished = [told for told in frame.heard("file") if told["status"] != "done"]
    assert unfinished
    assert all("fingerprints" not in told for told in unfinished)


def test_the_frame_speaks_to_its_own_origin_only(frame: Frame, page: Page) -> None:
    assert {told["origin"] for told in page.evaluate("heard")} == {page.url.rstrip("/")}
    assert frame.heard("height")[-1]["px"] > 50


def test_work_goes_on_with_the_network_off(frame: Frame, write: Write, pixel_server: PixelServer) -> None:
    frame.page.wait_for_load_state("networkidle")
    frame.page.context.set_offline(True)
    asked = len(pixel_server.asked)
    frame.choose(*write({"china.jpg": CHINA.read_bytes()}))
    assert frame.finished(1)[0]["status"] == "done"
    assert len(pixel_server.asked) == asked

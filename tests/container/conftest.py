"""The image, built once for all tests that need it."""

from __future__ import annotations

import pytest

import engine
from compose import Service


@pytest.fixture(scope="session")
def image():
    """The image of the Dockerfile, with the programs that ./build.sh made; skipped where nothing can be built or run."""
    why = engine.why_not()
    if why is not None:
        pytest.skip(why)
    engine.base_image()
    with engine.built("localhost/klock-test", "--target", "prebuilt") as image:
        yield image


@pytest.fixture
def up(image, tmp_path):
    """Starts the service of docker-compose.yml, as often as a test likes: on one volume, or on another."""
    started = []

    def start(shell=None, volume=None, arguments=None, **how):
        service = Service(shell or {})
        if volume is None:
            volume = tmp_path / "volume" if (tmp_path / "volume").exists() else image.new_volume(tmp_path / "volume")
        bundle = tmp_path / f"bundle{len(started)}"
        container = engine.Container(image, arguments or service.command, service.environment, bundle, volume=volume,
                                     **{"read_only": service.fields["read_only"], **how})
        started.append(container)
        return container

    yield start
    for container in started:
        container.close()

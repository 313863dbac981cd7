"""Roll one service back to an earlier deployment, by Railway's GraphQL interface (its command line can't).

    scripts/rollback.sh SERVICE staging|production [--to DEPLOYMENT] [--list] [--yes]

Image and variables of the earlier deployment come back; Railway keeps images for 72 hours (hobby) or 120
hours (pro), older ones are deployed again from git. RAILWAY_API_TOKEN and RAILWAY_PROJECT_ID, or
RAILWAY_TOKEN (a project's token) come from the environment.
Exit code: 0 rolled back, 1 failed, 2 wrong use or not confirmed, 3 nothing to go back to.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from typing import Any

URL = "https://backboard.railway.com/graphql/v2"
Json = dict[str, Any]
PROJECT = """query project($id: String!) { project(id: $id) {
  environments { edges { node { id name } } } services { edges { node { id name } } } } }"""
OF_TOKEN = "query { projectToken { projectId environmentId } }"  # noqa: S105
DEPLOYMENTS = """query deployments($input: DeploymentListInput!, $first: Int) {
  deployments(input: $input, first: $first) { edges { node { id status createdAt canRollback } } } }"""
ROLLBACK = "mutation deploymentRollback($id: String!) { deploymentRollback(id: $id) { id status } }"
STATUS = "query deployment($id: String!) { deployment(id: $id) { id status } }"
DONE = {"SUCCESS", "FAILED", "CRASHED", "REMOVED"}


class RollbackError(Exception):
    """It can't be done; the text says why."""


def ask(query: str, **variables: Any) -> Json:
    """One GraphQL call. Raises RollbackError."""
    headers = {"Content-Type": "application/json", "User-Agent": "seldenrijk-rollback"}
    if token := os.environ.get("RAILWAY_API_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    elif token := os.environ.get("RAILWAY_TOKEN"):
        headers["Project-Access-Token"] = token
    else:
        raise RollbackError("set RAILWAY_API_TOKEN, or RAILWAY_TOKEN")
    body = json.dumps({"query": query, "variables": variables}).encode()
    address = os.environ.get("RAILWAY_API_URL", URL)
    request = urllib.request.Request(address, body, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            answer: Json = json.loads(response.read())
    except urllib.error.HTTPError as error:
        raise RollbackError(f"Railway answers HTTP {error.code}") from error
    except (OSError, ValueError) as error:
        raise RollbackError(f"no answer from Railway ({error})") from error
    if errors := answer.get("errors"):
        raise RollbackError(f"Railway refuses: {errors[0].get('message', 'no reason given')}")
    data: Json = answer["data"]
    return data


def say(line: str) -> None:
    """One line on stdout, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def nodes(connection: Json) -> list[Json]:
    """The nodes of a GraphQL connection."""
    return [edge["node"] for edge in connection["edges"]]


def project_id() -> str:
    """From the environment, or what the project's token belongs to. Raises RollbackError."""
    if found := os.environ.get("RAILWAY_PROJECT_ID"):
        return found
    if os.environ.get("RAILWAY_API_TOKEN"):
        raise RollbackError("set RAILWAY_PROJECT_ID (railway status --json shows it)")
    return str(ask(OF_TOKEN)["projectToken"]["projectId"])


def deployments(service: str, environment: str) -> list[Json]:
    """The last twenty deployments, newest first. Raises RollbackError for an unknown name."""
    project = project_id()
    found = ask(PROJECT, id=project)["project"]
    ids = {"projectId": project}
    for kind, name in (("environment", environment), ("service", service)):
        known = {node["name"]: node["id"] for node in nodes(found[f"{kind}s"])}
        if name not in known:
            raise RollbackError(f"no {kind} {name!r} in this project; there are {', '.join(sorted(known))}")
        ids[f"{kind}Id"] = known[name]
    listed = nodes(ask(DEPLOYMENTS, input=ids, first=20)["deployments"])
    return sorted(listed, key=lambda node: str(node["createdAt"]), reverse=True)


def choose(listed: list[Json], wanted: str | None) -> Json | None:
    """The deployment to go back to: the wanted one, or the newest possible one before the one that runs."""
    if wanted is not None:
        found = next((node for node in listed if node["id"] == wanted), None)
        if found is None or not found["canRollback"]:
            raise RollbackError(
                f"{wanted} can't be rolled back to (its image is gone, or it is not of this service)"
            )
        return found
    running = next((i for i, node in enumerate(listed) if node["status"] == "SUCCESS"), -1)
    return next((node for node in listed[running + 1 :] if node["canRollback"]), None)


def wait(deployment: str, seconds: float) -> str:
    """Wait until a deployment has an outcome; its status."""
    deadline = time.monotonic() + seconds
    while True:
        status = str(ask(STATUS, id=deployment)["deployment"]["status"])
        if status in DONE or time.monotonic() > deadline:
            return status
        time.sleep(min(2.0, seconds / 20))


def roll_back(asked: argparse.Namespace) -> int:
    """Do what was asked; the exit code. Raises RollbackError."""
    listed = deployments(asked.service, asked.environment)
    if asked.list:
        for node in listed:
            possible = "can roll back" if node["canRollback"] else ""
            say(f"{node['id']}  {node['createdAt']}  {node['status']:<9} {possible}".rstrip())
        return 0
    target = choose(listed, asked.to)
    if target is None:
        sys.stderr.write("ERROR nothing to go back to; deploy an earlier commit: git revert, git push" + "\n")
        return 3
    say(f"{asked.environment}/{asked.service}: back to {target['id']} of {target['createdAt']}")
    if not asked.yes and input("Type yes to go on: ").strip() != "yes":
        say("nothing was changed")
        return 2
    started = ask(ROLLBACK, id=target["id"])["deploymentRollback"]
    status = wait(started["id"], asked.wait)
    say(f"{started['id']}: {status}")
    if status != "SUCCESS":
        return 1
    say(f"now verify: scripts/validate-deployment.sh {asked.environment}")
    return 0


def main() -> int:
    """Parse, do, tell."""
    parser = argparse.ArgumentParser(
        prog="scripts/rollback.sh", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("service")
    parser.add_argument("environment", choices=("staging", "production"))
    parser.add_argument("--to", help="deployment to go back to (default: the one before the running one)")
    parser.add_argument("--list", action="store_true", help="only show what there is")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    parser.add_argument("--wait", type=float, default=300.0, help="seconds to wait for the outcome")
    try:
        return roll_back(parser.parse_args())
    except RollbackError as error:
        sys.stderr.write(f"ERROR {error}" + "\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())

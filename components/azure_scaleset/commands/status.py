"""`scaleset status`: what each instance runs, and how it is."""

from azure_scaleset.commands import instance_record, options, printing
from azure_scaleset.commands.connection import connect
from azure_scaleset.commands.result import document, exit_code, look, with_repairs
from azure_scaleset.commands.target import Target
from azure_scaleset.rollout.policy import Policy
from azure_scaleset.rollout.verdict import Verdict, summary


def status(
    scale_set: options.ScaleSet = None,
    resource_id: options.Id = None,
    stack: options.Stack = None,
    group: options.Group = None,
    name: options.Name = None,
    output: options.Output = options.Format.TABLE,
) -> int:
    """Shows the instances: model, health, power, image, last extension run. Exit code 1 when one is out of date, failed, unhealthy or missing."""
    target = options.target(scale_set, resource_id, stack, group, name)
    live = connect(target)
    verdict = with_repairs(look(live, Policy()), live)
    if output is options.Format.JSON:
        printing.document(document(verdict, live.id))
        return exit_code(verdict)
    if verdict.instances:
        printing.table(instance_record.table(instance_record.records(verdict)))
    printing.line(conclusion(verdict, target))
    return exit_code(verdict)


def conclusion(verdict: Verdict, target: Target) -> str:
    """The line below the table: the summary, and the next command where there is one."""
    line = f"{summary(verdict)}."
    if verdict.repairs_suspended:
        line += " Automatic repairs are suspended till a rollout succeeds."
    if any(each.failed for each in verdict.present):
        return f"{line} Next: scaleset logs {target.words}"
    if len(verdict.current) < len(verdict.present) or (verdict.done and verdict.repairs_suspended):
        return f"{line} Next: scaleset rollout {target.words}"
    return line if verdict.done else f"{line} Next: scaleset wait {target.words}"

using Klock.Cli.Failures;
using Klock.Cli.Naming;
using Klock.Cli.Output;
using Klock.Cli.Transports;
using Klock.Coordinator.Protocol;
using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Cli.Running;

/// <summary>The leases of the <c>klock run</c> whose command this process is a part of: a wait for those would never end.</summary>
internal static class Nesting
{
    /// <summary>The ids of these leases, separated by commas, the innermost run's first.</summary>
    public const string LeaseIdsVariable = "KLOCK_LEASE_IDS";

    // So many, beside those of one run, fit into what the child is sent (shim/child.c).
    private const int MostInherited = 1_000;

    /// <summary>Whether this process is a part of such a command.</summary>
    public static bool IsNested => Inherited().Length > 0;

    /// <summary>The ids, with those of this run before them.</summary>
    public static string Add(string[] ids) => string.Join(',', ids.Concat(Inherited().Take(MostInherited)));

    /// <summary>Refuses a request that would have to wait for one of them.</summary>
    /// <exception cref="CliFailure">It would.</exception>
    public static void Refuse(ITransport transport, LeaseRequest asked)
    {
        foreach (string id in Inherited())
        {
            Answer answer = transport.Ask(Operation.GetLease, Request.OnLease(id));
            if (answer.Outcome.IsSuccess && InTheWay(answer, asked, transport.Namespace))
            {
                string agent = answer.Data.GetProperty("agent_id").GetString()!;
                string session = answer.Data.GetProperty("session_id").GetString()!;
                throw CliFailure.Usage(
                    $"{answer.Data.GetProperty("resource").GetString()} is held by the klock run that this command runs in, "
                    + $"so a wait for it would never end: say --agent {agent} --session {session} to use what it holds.");
            }
        }
    }

    private static bool InTheWay(Answer lease, LeaseRequest asked, string? name) =>
        (lease.Data.GetProperty("agent_id").GetString(), lease.Data.GetProperty("session_id").GetString()) != (asked.Agent, asked.Session)
        && ResourceText.TryParse(lease.Data.GetProperty("resource").GetString()!, out Resource? held)
        && PredicateNames.TryParse(lease.Data.GetProperty("predicate").GetString(), out Predicate predicate)
        && asked.Wanted.Any(wanted =>
            ResourceText.TryParse(wanted.Resource.ToString(), out Resource? resource)
            && resource!.In(name).Meets(held!.In(Tables.NamespaceOf(lease.Data)))
            && PredicateNames.TryParse(wanted.Predicate, out Predicate other) && Compatibility.Conflicts(other, predicate));

    private static string[] Inherited() =>
        (Environment.GetEnvironmentVariable(LeaseIdsVariable) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
}

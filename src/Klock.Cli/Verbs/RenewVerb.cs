using System.CommandLine;
using Klock.Cli.Options;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>Makes leases last their ttl from now, or another one.</summary>
internal static class RenewVerb
{
    public static Command Create() =>
        new LeaseIdsVerb(
            "renew", "Renew leases: each lasts its ttl from now.", "renewed", Operation.Heartbeat, Operation.RenewSession,
            new DurationOption("--ttl", "How long they last from now on [default: the ttl that each has]", null, 1, Limits.TtlMs)).Create();
}

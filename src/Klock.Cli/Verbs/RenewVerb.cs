using System.CommandLine;
using Klock.Coordinator;

namespace Klock.Cli.Verbs;

/// <summary>Makes leases last their ttl from now.</summary>
internal static class RenewVerb
{
    public static Command Create() =>
        new LeaseIdsVerb(
            "renew", "Renew leases: each lasts its ttl from now.", "renewed", Operation.Heartbeat, Operation.RenewSession).Create();
}

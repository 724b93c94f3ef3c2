using System.CommandLine;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>Takes leases away from their holders.</summary>
internal static class RevokeVerb
{
    public static Command Create() =>
        new LeaseIdsVerb(
            "revoke", "Take leases away from their holders: for an operator.", "revoked", Operation.Revoke, All: null).Create();
}

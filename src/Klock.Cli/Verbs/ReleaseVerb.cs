using System.CommandLine;
using Klock.Coordinator.Protocol;

namespace Klock.Cli.Verbs;

/// <summary>Releases leases.</summary>
internal static class ReleaseVerb
{
    public static Command Create() =>
        new LeaseIdsVerb(
            "release", "Release leases: those that are named, or yours.", "released", Operation.Release, Operation.EndSession).Create();
}

using System.CommandLine;
using Klock.Coordinator;

namespace Klock.Cli.Verbs;

/// <summary>Lets leases go.</summary>
internal static class ReleaseVerb
{
    public static Command Create() =>
        LeaseIdsVerb.Create("release", "Let leases go.", "released", Operation.Release, Operation.EndSession);
}

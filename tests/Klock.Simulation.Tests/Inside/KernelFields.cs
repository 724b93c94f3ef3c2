using System.Runtime.CompilerServices;
using Klock.Kernel;
using Klock.Kernel.Claims;
using Klock.Kernel.Queues;
using Klock.Kernel.Tree;

namespace Klock.Simulation.Tests.Inside;

/// <summary>The private state of a kernel, for recounts. A renamed field fails at the first step of every run.</summary>
internal static class KernelFields
{
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_held")]
    public static extern ref ResourceTree Held(LeaseTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_queued")]
    public static extern ref ResourceTree Queued(LeaseTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_parked")]
    public static extern ref ResourceTree Parked(LeaseTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_leases")]
    public static extern ref Dictionary<LeaseId, Lease> Leases(LeaseTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_owners")]
    public static extern ref Dictionary<LeaseId, WaitOwner> Owners(LeaseTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_named")]
    public static extern ref NamedGrants Named(LeaseTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_leaseExpiries")]
    public static extern ref ExpiryQueue<Lease> LeaseExpiries(LeaseTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_waitExpiries")]
    public static extern ref ExpiryQueue<Waiter> WaitExpiries(LeaseTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_ownerExpiries")]
    public static extern ref ExpiryQueue<WaitOwner> OwnerExpiries(LeaseTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_agents")]
    public static extern ref AgentDirectory Agents(LeaseTable table);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_nodes")]
    public static extern ref HashSet<ResourceNode> Nodes(ResourceTree tree);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_namespaces")]
    public static extern ref Dictionary<string, ResourceNode> Namespaces(ResourceTree tree);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_name")]
    public static extern ref object Name(ResourceNode node);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_readers")]
    public static extern ref int Readers(ref StrengthCounts counts);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_providers")]
    public static extern ref int Providers(ref StrengthCounts counts);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_exclusives")]
    public static extern ref int Exclusives(ref StrengthCounts counts);
}

using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Kernel.Claims;

/// <summary>One lease that a request asks for.</summary>
/// <param name="LeaseId">Its name if it is granted: 128 fresh random bits.</param>
/// <param name="Resource">On what.</param>
/// <param name="Predicate">To do what.</param>
public readonly record struct WantedLease(LeaseId LeaseId, Resource Resource, Predicate Predicate);

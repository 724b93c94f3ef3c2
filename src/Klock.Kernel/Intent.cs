using Klock.Kernel.Predicates;
using Klock.Kernel.Resources;

namespace Klock.Kernel;

/// <summary>One thing that an agent means to do (KLIS-0).</summary>
/// <param name="Predicate">What it will do.</param>
/// <param name="Resource">With what.</param>
public readonly record struct Intent(Predicate Predicate, Resource Resource);

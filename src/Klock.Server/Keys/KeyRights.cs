using Klock.Coordinator.Namespaces;

namespace Klock.Server.Keys;

/// <summary>The rights of a key.</summary>
/// <param name="Access">What its bearer may do.</param>
/// <param name="Scope">In which namespaces.</param>
internal sealed record KeyRights(Access Access, NamespaceScope Scope);

using Klock.Coordinator.Namespaces;

namespace Klock.Server.Keys;

/// <summary>What a key lets its bearer do, and where.</summary>
/// <param name="Access">What.</param>
/// <param name="Scope">In which namespaces.</param>
internal sealed record KeyRights(Access Access, NamespaceScope Scope);

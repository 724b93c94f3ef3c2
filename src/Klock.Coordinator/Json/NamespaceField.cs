using Klock.Coordinator.Namespaces;
using Klock.Coordinator.Protocol;

namespace Klock.Coordinator.Json;

/// <summary>The field that says in which namespace a request's resources are.</summary>
internal sealed class NamespaceField(string name) : TextField(name, 1, Limits.NamespaceBytes, isName: true)
{
    protected override string Allowed => NamespaceText.Allowed;

    /// <summary>Reads the namespace of the resources that a request names; null for none.</summary>
    /// <exception cref="KlockException">It is invalid, missing where one is required, or not one that the caller may use.</exception>
    public string? ReadForResource(in RequestFields request)
    {
        string? text = ReadText(request);
        request.Scope.RequireResource(text);
        return text;
    }

    /// <summary>Reads the namespace that a list is filtered by; null for none.</summary>
    /// <exception cref="KlockException">It is invalid, or not one that the caller may use.</exception>
    public string? ReadFilter(in RequestFields request) => request.Scope.RequireFilter(ReadText(request), isResource: false);

    private string? ReadText(in RequestFields request) =>
        ReadOptional(request) is not { } text ? null
        : NamespaceText.Problem(text) is { } problem ? throw Invalid($"{Name} {problem}: it must be {Allowed}.")
        : text;
}

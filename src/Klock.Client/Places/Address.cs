namespace Klock.Client.Places;

/// <summary>Where the state is: a server or a store.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">The URL, the socket's absolute path, or the store as a <c>storage</c> option names it.</param>
/// <param name="Why">How that was decided, for a person.</param>
public sealed record Address(AddressKind Kind, string Text, string Why)
{
    /// <summary>The place of a default store, created when the store is used; null for an address that was given.</summary>
    public StorePlace? Place { get; init; }

    /// <summary>The address as one word: a URL, <c>unix:</c> and a path, or a store.</summary>
    internal string Uri => Kind == AddressKind.Socket ? $"unix:{Text}" : Text;
}

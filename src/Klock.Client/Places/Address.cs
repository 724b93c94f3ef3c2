namespace Klock.Client.Places;

/// <summary>Where the state is.</summary>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="Text">The URL, the socket's absolute path, or the store as a <c>storage</c> option names it.</param>
/// <param name="Why">How that was decided, for a person.</param>
public sealed record Address(AddressKind Kind, string Text, string Why)
{
    /// <summary>The place of a default store, made when the store is used; null for an address that somebody gave.</summary>
    public StorePlace? Place { get; init; }

    /// <summary>The address as one word: a URL, <c>unix:</c> and a path, or a store.</summary>
    internal string Uri => Kind == AddressKind.Socket ? $"unix:{Text}" : Text;
}

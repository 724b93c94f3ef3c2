using Klock.Client.Places;

namespace Klock.Cli.Verbs;

/// <summary>The store that hooks use here: what the environment names, else that of the place.</summary>
/// <param name="Name">Its name, without a password; null when there is none.</param>
/// <param name="Problem">Why hooks cannot use it; null when they can. Without it every edit is refused.</param>
internal sealed record UsedStore(string? Name, string? Problem)
{
    /// <summary>The one of a place.</summary>
    /// <param name="named">What the environment names; null for nothing.</param>
    /// <param name="place">The place; null for none.</param>
    public static UsedStore Of(Address? named, StorePlace? place)
    {
        if (named is not { Kind: AddressKind.Storage })
        {
            return new UsedStore(place?.Storage, Problem: null);
        }

        string? problem = SharedStorage.EngineOf(named.Text) is { } engine
            ? $"a store in {engine} is reached through a server: set {AddressChooser.ServerVariable} in place of "
                + AddressChooser.StorageVariable
            : null;
        return new UsedStore(SharedStorage.Shown(named.Text), problem);
    }
}

namespace Klock.Client.Places;

/// <summary>How the state is reached.</summary>
public enum AddressKind
{
    /// <summary>A server, by its URL.</summary>
    Server,

    /// <summary>A server, by its Unix socket.</summary>
    Socket,

    /// <summary>A store that this process opens itself.</summary>
    Storage,
}

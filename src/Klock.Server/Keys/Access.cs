namespace Klock.Server.Keys;

/// <summary>What the bearer of a key may do.</summary>
internal enum Access
{
    /// <summary>Read: every GET, and a declaration of intents.</summary>
    ReadOnly,

    /// <summary>Every request.</summary>
    Full,
}

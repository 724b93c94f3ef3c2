namespace Klock.Server.Keys;

/// <summary>What a key lets its bearer do.</summary>
internal enum Access
{
    /// <summary>Look: every GET, and a declaration of intents.</summary>
    ReadOnly,

    /// <summary>May make every request.</summary>
    Full,
}

namespace Klock.Kernel.Claims;

/// <summary>What became of a lease (KLIS-4). Only an active one blocks anybody.</summary>
public enum LeaseState : byte
{
    /// <summary>Held.</summary>
    Active = 0,

    /// <summary>Released by its holder.</summary>
    Released = 1,

    /// <summary>Its time ran out.</summary>
    Expired = 2,

    /// <summary>Taken away by an operator.</summary>
    Revoked = 3,
}

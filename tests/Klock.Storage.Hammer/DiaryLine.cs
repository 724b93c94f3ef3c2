namespace Klock.Storage.Hammer;

/// <summary>The first words of a diary's lines.</summary>
public static class DiaryLine
{
    /// <summary>A lease was granted: id, fencing token, expires_at.</summary>
    public const string Grant = "granted";

    /// <summary>A lease was renewed: id, expires_at.</summary>
    public const string Renewal = "renewed";

    /// <summary>A release is about to be sent: id. From here on the lease may be gone.</summary>
    public const string Releasing = "releasing";

    /// <summary>A release was acknowledged: id.</summary>
    public const string Released = "released";

    /// <summary>A request was refused: WAIT, DIE or an error's code.</summary>
    public const string Refusal = "refused";

    /// <summary>Something that must not happen did.</summary>
    public const string Wrong = "wrong";
}

namespace Klock.Fuzz;

/// <summary>What an answer says.</summary>
internal enum AnswerKind
{
    /// <summary>Done, granted, or a list.</summary>
    Success,

    /// <summary>WAIT, DIE or WAIT_TIMEOUT, or the flat verdict on a manifest.</summary>
    Refusal,

    /// <summary>The request was wrong, and so must have changed nothing.</summary>
    BadRequest,

    /// <summary>Another error: the lease is not there, the agent is busy, the session ended.</summary>
    OtherError,
}

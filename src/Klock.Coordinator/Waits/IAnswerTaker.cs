namespace Klock.Coordinator.Waits;

/// <summary>Is notified of the answer of a wait that has no thread of its own.</summary>
internal interface IAnswerTaker
{
    /// <summary>The answer is there. Called once, perhaps under the store's lock: must not block.</summary>
    void TakeAnswer();
}

namespace Klock.Coordinator.Waits;

/// <summary>Takes the answer of a wait that no thread of its own waits for.</summary>
internal interface IAnswerTaker
{
    /// <summary>The answer is there. Called once, perhaps under the store's lock: does not block.</summary>
    void TakeAnswer();
}

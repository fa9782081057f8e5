namespace Interactions.Silo.Directories;

/// <summary>What a partition makes of an item that somebody wants it to take.</summary>
internal enum Verdict : byte
{
    /// <summary>It changes something, and is to be stored.</summary>
    Take,

    /// <summary>It changes nothing: it was taken before, or is not needed any more.</summary>
    Done,

    /// <summary>It may not happen.</summary>
    Refuse,
}

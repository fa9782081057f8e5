namespace Interactions.Frontend.Admission;

/// <summary>What a token lets its user do; each includes those before it, so roles compare.</summary>
internal enum Role : byte
{
    Viewer,
    Moderator,
    Broadcaster,
    Admin,
}

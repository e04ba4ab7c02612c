using Microsoft.AspNetCore.Http;
using Plug1.Kernel;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;

namespace Plug1.Http.Security;

/// <summary>Who asks, in which branch, from where. An endpoint takes it as a parameter.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Session">The browser session; null for a program.</param>
/// <param name="Token">The token of a program; null for a browser.</param>
/// <param name="Here">The branch worked in; null when the user has none.</param>
/// <param name="Device">The device's own name, from <c>X-Device</c>.</param>
/// <param name="Address">Network address.</param>
/// <param name="Culture">Language that the browser asks for, such as <c>de-AT</c>.</param>
public sealed record RequestActor(
    Actor Actor, ActiveSession? Session, ApiToken? Token, Branch? Here, string? Device, string? Address, string Culture)
{
    /// <summary>The branch worked in. An endpoint that is not marked <see cref="WithoutBranchAttribute"/> is reached only with one.</summary>
    public Branch Branch => Here ?? throw new InvariantBrokenException("An endpoint that works without a branch asked for it.");

    /// <summary>As the services of the kernel take it.</summary>
    public Caller Caller => new(Actor, Here?.Id, Device, Address, Session?.Id);

    /// <summary>As a command takes it; of no branch where the endpoint works without one and the user has none.</summary>
    public CommandCall Call(string? idempotencyKey = null, string? requestHash = null) =>
        new(Actor, Here?.Id ?? Guid.Empty, Device, Address, idempotencyKey, requestHash);

    /// <summary>Whether the permission is granted in the branch worked in.</summary>
    public bool May(string permission) => Here is { } branch && Actor.May(permission, branch.Id);

    /// <summary>Called by the framework for an endpoint's parameter.</summary>
    public static ValueTask<RequestActor?> BindAsync(HttpContext context) => ValueTask.FromResult(Of(context));

    /// <summary>Who asks; null when nobody is signed in.</summary>
    public static RequestActor? Of(HttpContext context) => context.Features.Get<RequestActor>();
}

/// <summary>Marks an endpoint that belongs to no branch: signing in, users, roles.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class WithoutBranchAttribute : Attribute;

/// <summary>Marks an endpoint that is reached even while the user has to choose a new password first.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class BeforePasswordChangeAttribute : Attribute;

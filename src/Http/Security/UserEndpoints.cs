using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Kernel;
using Plug1.Kernel.Functions;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Security;

namespace Plug1.Http.Security;

/// <summary>A page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The items.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; not there on the last.</param>
public sealed record ListAnswer<T>(IReadOnlyList<T> Items, string? Next = null);

/// <summary>A user to be made.</summary>
public sealed record CreateUserRequest(string UserName, string Name, string Password, IReadOnlyList<RoleAssignment> Roles, bool MustChange = true);

/// <summary>A user's new name.</summary>
public sealed record RenameUserRequest(string Name);

/// <summary>A new password for another user.</summary>
public sealed record SetPasswordRequest(string Password, bool MustChange = true);

/// <summary>All roles that a user shall hold.</summary>
public sealed record AssignRolesRequest(IReadOnlyList<RoleAssignment> Roles);

/// <summary>A role to be made.</summary>
public sealed record CreateRoleRequest(string Code, string Name);

/// <summary>A token to be made.</summary>
/// <param name="Name">What it is for.</param>
/// <param name="UserId">As whom the program acts; without it as the one who makes it.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record CreateTokenRequest(string Name, Guid? UserId = null, DateTimeOffset? ExpiresAt = null);

/// <summary>Users, roles, the matrix of permissions, tokens of programs. What each asks for is checked by the kernel.</summary>
public static class UserEndpoints
{
    /// <summary>Adds them to the group <c>/api/v1</c>.</summary>
    public static void MapUsers(this RouteGroupBuilder api)
    {
        var users = api.MapGroup("/users").WithTags("Users").WithMetadata(new WithoutBranchAttribute());
        users.MapGet("/", List).WithName("users").WithSummary("Users in the order of their names.").Produces<ListAnswer<UserAccount>>().Refuses(400, 401, 403);
        users.MapPost("/", Create).WithName("createUser").WithSummary("Makes a user.").Produces<UserAccount>(201).Refuses(400, 401, 403, 409, 422);
        var one = users.MapGroup("/{id:guid}");
        one.MapGet("/", async (Guid id, RequestActor actor, Users service, CancellationToken ct) => (await service.Get(actor.Caller, id, ct)).ToHttp())
            .WithName("user").WithSummary("One user.").Produces<UserAccount>().Refuses(401, 403, 404);
        one.MapPatch("/", (Guid id, RenameUserRequest request, RequestActor actor, Users service, HttpContext context, CancellationToken ct) =>
                Change(context, version => service.Rename(actor.Caller, id, request.Name, version, ct)))
            .WithName("renameUser").WithSummary("Changes the person's name.").ChangesUser();
        one.MapPut("/password", (Guid id, SetPasswordRequest request, RequestActor actor, Users service, HttpContext context, CancellationToken ct) =>
                Change(context, version => service.SetPassword(actor.Caller, id, request.Password, request.MustChange, version, ct)))
            .WithName("setPassword").WithSummary("Sets another user's password; their sessions end.").ChangesUser();
        one.MapPut("/roles", (Guid id, AssignRolesRequest request, RequestActor actor, Users service, HttpContext context, CancellationToken ct) =>
                Change(context, version => service.AssignRoles(actor.Caller, id, request.Roles, version, ct)))
            .WithName("assignRoles").WithSummary("Replaces the roles of a user.").ChangesUser();
        one.MapPost("/deactivate", (Guid id, RequestActor actor, Users service, HttpContext context, CancellationToken ct) =>
                Change(context, version => service.Deactivate(actor.Caller, id, version, ct)))
            .WithName("deactivateUser").WithSummary("Ends a user's right to sign in.").ChangesUser();
        one.MapPost("/activate", (Guid id, RequestActor actor, Users service, HttpContext context, CancellationToken ct) =>
                Change(context, version => service.Activate(actor.Caller, id, version, ct)))
            .WithName("activateUser").WithSummary("Gives the right to sign in back.").ChangesUser();
        one.MapPost("/unlock", async (Guid id, RequestActor actor, Users service, CancellationToken ct) => (await service.Unlock(actor.Caller, id, ct)).ToHttp())
            .WithName("unlockUser").WithSummary("Takes away the lock after failed attempts.").ChangesUser();
        one.MapDelete("/totp", async (Guid id, RequestActor actor, Users service, CancellationToken ct) => (await service.ResetTotp(actor.Caller, id, ct)).ToHttp())
            .WithName("resetTotp").WithSummary("Takes away the one-time codes of somebody who has lost the device.").ChangesUser();
    }

    /// <summary>Adds roles and the matrix to the group <c>/api/v1</c>.</summary>
    public static void MapRoles(this RouteGroupBuilder api)
    {
        var roles = api.MapGroup("/roles").WithTags("Roles").WithMetadata(new WithoutBranchAttribute());
        roles.MapGet("/", async (RequestActor actor, Roles service, CancellationToken ct) =>
                (await service.List(actor.Caller, ct)).ToHttp(list => Results.Ok(new ListAnswer<RoleSummary>(list))))
            .WithName("roles").WithSummary("All roles.").Produces<ListAnswer<RoleSummary>>().Refuses(401, 403);
        roles.MapPost("/", async (CreateRoleRequest request, RequestActor actor, Roles service, HttpContext http, CancellationToken ct) =>
                (await service.Create(CommandEndpoints.CallerOf(http, actor, request), request.Code, request.Name, ct)).ToHttp(role => Results.Created($"/api/v1/roles/{role.Code}", role)))
            .WithName("createRole").WithSummary("Makes a role that holds nothing yet.").Produces<RoleSummary>(201).Refuses(400, 401, 403, 409, 422);
        roles.MapGet("/{role}/changes", async (string role, RequestActor actor, Roles service, FunctionCatalogue functions, CancellationToken ct) =>
                (await service.Standing(actor.Caller, role, KernelSeed.Declared(functions), ct)).ToHttp())
            .WithName("roleChanges").WithSummary("What a role gained and lost against its template, and by each change of it.").Produces<RoleStanding>().Refuses(401, 403, 404);
        roles.MapPut("/{role}/permissions/{permission}", async (string role, string permission, RequestActor actor, Roles service, CancellationToken ct) =>
                (await service.Grant(actor.Caller, role, permission, ct)).ToHttp())
            .WithName("grantPermission").WithSummary("Grants a permission to a role.").Produces(204).Refuses(401, 403, 404, 422);
        roles.MapDelete("/{role}/permissions/{permission}", async (string role, string permission, RequestActor actor, Roles service, CancellationToken ct) =>
                (await service.Revoke(actor.Caller, role, permission, ct)).ToHttp())
            .WithName("revokePermission").WithSummary("Takes a permission from a role.").Produces(204).Refuses(401, 403, 404, 422);
        api.MapGet("/permissions", async (RequestActor actor, Roles service, CancellationToken ct) => (await service.Matrix(actor.Caller, ct)).ToHttp())
            .WithMetadata(new WithoutBranchAttribute()).WithTags("Roles").WithName("permissions").WithSummary("Which role may do what.")
            .Produces<PermissionMatrix>().Refuses(401, 403);
    }

    /// <summary>Adds tokens to the group <c>/api/v1</c>.</summary>
    public static void MapTokens(this RouteGroupBuilder api)
    {
        var tokens = api.MapGroup("/tokens").WithTags("Tokens").WithMetadata(new WithoutBranchAttribute());
        tokens.MapGet("/", async (RequestActor actor, ApiTokens service, CancellationToken ct) =>
                (await service.List(actor.Caller, ct)).ToHttp(list => Results.Ok(new ListAnswer<ApiToken>(list))))
            .WithName("tokens").WithSummary("The tokens of programs, without their secrets.").Produces<ListAnswer<ApiToken>>().Refuses(401, 403);
        tokens.MapPost("/", async (CreateTokenRequest request, RequestActor actor, ApiTokens service, HttpContext http, CancellationToken ct) =>
                (await service.Create(CommandEndpoints.CallerOf(http, actor, request), request.Name, request.UserId ?? actor.Actor.UserId, request.ExpiresAt, ct))
                .ToHttp(made => Results.Created($"/api/v1/tokens/{made.Details.Id:D}", made)))
            .WithName("createToken").WithSummary("Makes a token. Its secret is shown in this answer and never again.")
            .Produces<CreatedToken>(201).Refuses(400, 401, 403, 409, 422);
        tokens.MapDelete("/{id:guid}", async (Guid id, RequestActor actor, ApiTokens service, CancellationToken ct) =>
                (await service.Revoke(actor.Caller, id, ct)).ToHttp())
            .WithName("revokeToken").WithSummary("Takes a token back.").Produces(204).Refuses(401, 403, 404);
    }

    private static async Task<IResult> List(RequestActor actor, Users service, CancellationToken ct, string? q = null, string? after = null, int limit = 50)
    {
        var most = Math.Clamp(limit, 1, 200);
        return (await service.List(actor.Caller, q, after, most + 1, ct)).ToHttp(found => Results.Ok(
            new ListAnswer<UserAccount>([.. found.Take(most)], found.Count > most ? found[most - 1].UserName : null)));
    }

    private static async Task<IResult> Create(CreateUserRequest request, RequestActor actor, Users service, HttpContext http, CancellationToken ct) =>
        (await service.Create(CommandEndpoints.CallerOf(http, actor, request with { Password = "" }), new NewUser(request.UserName, request.Name, request.Password, request.Roles, request.MustChange), ct))
        .ToHttp(user => Results.Created($"/api/v1/users/{user.Id:D}", user));

    private static async Task<IResult> Change(HttpContext context, Func<long?, Task<Result<UserAccount>>> change)
    {
        var version = IfMatch.Of(context);
        return version.Refusal is { } no ? no.ToHttp() : (await change(version.Value)).ToHttp();
    }

    private static void ChangesUser(this RouteHandlerBuilder endpoint) => endpoint.Produces<UserAccount>().Refuses(400, 401, 403, 404, 409, 412, 422);
}

// VS Code's names for platforms, and what Cargo calls them. A sidecar holds SQLite, which is C: beside Rust's standard library for
// the other platform, its linker is needed. Better one sentence before the build than a page of a linker's after it.
import fs from 'node:fs';
import { attempt, Failure, which } from './process.mjs';

const LINUX = 'linux';
const MAC = 'darwin';
const WINDOWS = 'win32';

/** Where each package's sidecar is built, for which Cargo target, and by which linker where that is another machine's. */
export const TARGETS = {
  'linux-x64': { triple: 'x86_64-unknown-linux-gnu', on: LINUX, linker: 'x86_64-linux-gnu-gcc' },
  'linux-arm64': { triple: 'aarch64-unknown-linux-gnu', on: LINUX, linker: 'aarch64-linux-gnu-gcc' },
  'alpine-x64': { triple: 'x86_64-unknown-linux-musl', on: LINUX, linker: 'musl-gcc' },
  'alpine-arm64': { triple: 'aarch64-unknown-linux-musl', on: LINUX, linker: 'aarch64-linux-musl-gcc' },
  'darwin-x64': { triple: 'x86_64-apple-darwin', on: MAC },
  'darwin-arm64': { triple: 'aarch64-apple-darwin', on: MAC },
  'win32-x64': { triple: 'x86_64-pc-windows-msvc', on: WINDOWS },
  'win32-arm64': { triple: 'aarch64-pc-windows-msvc', on: WINDOWS },
};

/** VS Code's name for the platform that this machine builds for. */
export function ownTarget() {
  const system = process.platform === LINUX && isMusl() ? 'alpine' : process.platform;
  return `${system}-${process.arch === 'arm' ? 'armhf' : process.arch}`;
}

const isMusl = () => !process.report.getReport().header.glibcVersionRuntime;

/** What a sidecar is called in the package of `target`. */
export const programOf = (target) => (target.startsWith(WINDOWS) ? 'remit.exe' : 'remit');

/** Resolves with { triple, env } of a build for `target`; fails with a sentence that says what this machine lacks for it. */
export async function toolchainFor(target) {
  const found = TARGETS[target];
  if (!found) throw new Failure(`there is no platform ${target}; there are ${Object.keys(TARGETS).join(', ')}`);
  const { triple, on, linker } = found;
  const lacks = (what) => new Failure(`the package for ${target} can not be built here: ${what}; nothing was built`);
  if (on !== process.platform) throw lacks(`its sidecar is linked by ${{ [LINUX]: 'Linux', [MAC]: "a Mac's", [WINDOWS]: "Windows'" }[on]} own tools`);
  if (!(await hasStandardLibrary(triple))) throw lacks(`Rust's standard library for ${triple} is missing (rustup target add ${triple})`);
  if (target === ownTarget() || !linker) return { triple, env: {} };
  const env = linkerVariables(triple, linker);
  const [command] = Object.values(env);
  if (!which(command)) throw lacks(`the linker ${command} is not on PATH`);
  return { triple, env };
}

// Asked of the compiler, because not everybody has rustup.
async function hasStandardLibrary(triple) {
  const { code, stdout } = await attempt('rustc', ['--print', 'target-libdir', '--target', triple]);
  return code === 0 && holdsLibraries(stdout.trim());
}

const holdsLibraries = (folder) => fs.existsSync(folder) && fs.readdirSync(folder).some((name) => name.startsWith('libstd-'));

// Whoever has named a linker or a C compiler has one.
function linkerVariables(triple, linker) {
  const name = `CARGO_TARGET_${triple.toUpperCase().replaceAll('-', '_')}_LINKER`;
  const compiler = `CC_${triple.replaceAll('-', '_')}`;
  return { [name]: process.env[name] ?? linker, [compiler]: process.env[compiler] ?? process.env[name] ?? linker };
}

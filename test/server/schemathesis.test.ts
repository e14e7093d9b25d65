// The API under what schemathesis makes of its description: nothing fails inside, and every answer is as described.
import { spawnSync } from 'node:child_process';
import { afterAll, expect, it } from '@jest/globals';
import { cleanUp, documents, indexed, pictures } from '../library/collection.ts';
import { serving } from './serving.ts';

/** pip install schemathesis */
const PROGRAM = process.env.SANDGLASS_SCHEMATHESIS ?? 'schemathesis';
const where = spawnSync(PROGRAM, ['--version']).status === 0 ? it : it.skip;

afterAll(cleanUp);

where(
  'answers what schemathesis asks as it says it does (skipped without schemathesis)',
  async () => {
    const world = await pictures(2, documents(2));
    await (await indexed(world)).close();
    const server = await serving(world);
    const checks = 'not_a_server_error,response_schema_conformance,content_type_conformance,status_code_conformance';
    const { status, stdout } = spawnSync(
      PROGRAM,
      [
        'run',
        new URL('/api/v1/openapi.json', server.address).href,
        '--checks',
        checks,
        '--max-examples',
        '30',
        '--seed',
        '1',
      ],
      { encoding: 'utf8', cwd: world },
    );
    await server.stop();
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.any(String) });
  },
  120_000,
);

import type { Rules } from '../rule-set';

const ADMIN = 'rule:context_is_admin';
const OWNER = 'role:member and project_id:%(project_id)s';

/** Glance 25's names and defaults, as far as visibility and owner decide (its policy reference). */
export const IMAGE_RULES: Rules = {
  get_image: `${ADMIN} or project_id:%(project_id)s or 'public':%(visibility)s or 'community':%(visibility)s`,
  get_images: '@',
  add_image: `${ADMIN} or (${OWNER})`,
  modify_image: `${ADMIN} or (${OWNER})`,
  delete_image: `${ADMIN} or (${OWNER})`,
  upload_image: `${ADMIN} or (${OWNER})`,
  download_image: 'rule:get_image',
  publicize_image: ADMIN,
  communitize_image: `${ADMIN} or (${OWNER})`,
  get_image_schema: '@',
  get_import_info: '@',
  get_stores_info: '@',
};
